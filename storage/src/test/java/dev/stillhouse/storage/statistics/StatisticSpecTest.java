package dev.stillhouse.storage.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.StatisticSpec.Sample;
import dev.stillhouse.storage.statistics.StatisticSpec.TopP;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticSpecTest {
  @Test
  void readsEveryPartInAnyOrder() {
    StatisticSpec spec =
        StatisticSpec.parse(
            "target+normaliser-at:4,2.0+forced:tools.txt+sample:50,temperature=0.7"
                + "+top-p:0.98,max=256+top-k:32",
            7);

    assertEquals(
        new StatisticSpec(
            32,
            Optional.of(new TopP(0.98, 256)),
            Optional.of(new Sample(50, 0.7, 7)),
            Optional.of("tools.txt"),
            true,
            ImmutableList.of(2.0, 4.0)),
        spec);
    assertEquals(
        "top-k:32+top-p:0.98,max=256+sample:50,temperature=0.7,seed=7+forced:tools.txt+target"
            + "+normaliser-at:2.0,4.0",
        spec.toString());
  }

  @Test
  void plainTopKKeepsItsText() {
    assertEquals("top-k:64", StatisticSpec.parse("top-k:64", 9).toString());
    assertEquals("sample:5,seed=-3", StatisticSpec.parse("sample:5,seed=-3", 9).toString());
    assertEquals("sample:5,seed=0", StatisticSpec.parse("sample:5,temperature=1").toString());
  }

  @Property
  void theTextFormIsAnInverse(
      @ForAll @IntRange(max = 300) int k,
      @ForAll @DoubleRange(min = 0, minIncluded = false, max = 1) double p,
      @ForAll @IntRange(min = 1, max = 300) int n,
      @ForAll @DoubleRange(min = 0.05, max = 100) double temperature,
      @ForAll long seed,
      @ForAll boolean target,
      @ForAll @Size(min = 1, max = 5) @UniqueElements
          List<@DoubleRange(min = 0.05, max = 100) Double> at) {
    StatisticSpec spec =
        new StatisticSpec(
            k,
            Optional.of(new TopP(p, n)),
            Optional.of(new Sample(n, temperature, seed)),
            Optional.of("ids.txt"),
            target,
            ImmutableList.sortedCopyOf(at));

    assertEquals(spec, StatisticSpec.parse(spec.toString(), 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          top-k:64+sampel:50 | 10 | no part is named 'sampel'
          top-k | 6 | need ':' and a value
          top-k:0 | 7 | 0 is out of range
          top-k:64+top-k:32 | 10 | a second time
          top-k:6x | 7 | '6x' is no whole number
          top-k:9999999999999 | 7 | out of range
          top-p:0.9 | 10 | need ',max=M'
          top-p:0,max=4 | 7 | need a mass above 0
          top-p:NaN,max=4 | 7 | need a mass above 0
          top-p:0.9,max=0 | 15 | out of range
          top-p:0.9,most=4 | 11 | need max=
          sample:0 | 8 | out of range
          sample:99999999 | 8 | out of range
          sample:50,temperature=0 | 23 | need 0.05 to 100
          sample:50,temperature=hot | 23 | 'hot' is no number
          sample:50,seed=1,seed=2 | 18 | a second time
          top-k:4+ | 9 | need a part
          target:5 | 7 | takes no value
          forced: | 8 | need a file
          normaliser-at:2,2 | 15 | each once
          normaliser-at:1e9 | 15 | need 0.05 to 100
          '' | 1 | need a part
          """)
  void pointsAtWhatIsWrong(String text, int character, String reason) {
    String message = refused(() -> StatisticSpec.parse(text));

    assertTrue(message.contains("at character " + character + ":"), message);
    assertTrue(message.contains("\n  " + " ".repeat(character - 1) + "^ "), message);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void refusesMoreEntriesThanIds() {
    String k = refused(() -> StatisticSpec.parse("top-k:9").checkedAgainst(8));
    assertTrue(k.contains("k <= 8"), k);
    String max = refused(() -> StatisticSpec.parse("top-p:1,max=9").checkedAgainst(8));
    assertTrue(max.contains("max <= 8"), max);
  }

  private static String refused(Executable task) {
    return String.valueOf(assertThrows(UsageException.class, task).getMessage());
  }

  @Test
  void saysWhichColumnsThereAre() {
    StatisticSpec plain = StatisticSpec.parse("top-k:8+top-p:0.5,max=20");
    assertFalse(plain.hasReasons());
    assertEquals(20, plain.maxTop());
    StatisticSpec union = StatisticSpec.parse("top-k:8+sample:5,temperature=2");
    assertTrue(union.hasReasons());
    assertTrue(union.hasCounts());
    assertTrue(union.hasProposals());
    assertFalse(StatisticSpec.parse("sample:5").hasProposals());
    assertEquals("normaliser_at_2.0", StatisticSpec.normaliserColumn(2));
    assertEquals(
        ImmutableList.of("normaliser_at_0.5", "normaliser_at_2.0"),
        StatisticSpec.parse("top-k:3+normaliser-at:2,0.5").furtherScalars());
    assertEquals(ImmutableList.of(), StatisticSpec.parse("top-k:3+sample:9").furtherScalars());
  }
}
