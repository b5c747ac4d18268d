package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.UsageException;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixtureSpecTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a:1                             | a:1",
        "a:0.7,b:0.3                     | a:0.7,b:0.3",
        "a:2,b:1                         | a:0.6667,b:0.3333",
        "a:1,b:1,c:1                     | a:0.3334,b:0.3333,c:0.3333",
        "s3://bucket/x:70,/data/y:z:30   | s3://bucket/x:0.7,/data/y:z:0.3",
        "a:1e300,b:1e300                 | a:0.5,b:0.5",
        "a:1e308,b:1.7e308               | a:0.3704,b:0.6296",
        "a:4e-324,b:4e-324               | a:0.5,b:0.5",
        "a:0,b:5.                        | a:0,b:1",
        "a:9999,b:1                      | a:0.9999,b:0.0001",
      })
  void weightsBecomeShares(String text, String shares) {
    assertEquals(shares, MixtureSpec.parse(text).text());
    assertEquals(shares, MixtureSpec.parse(shares).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''             | is no NAME:WEIGHT",
        "a              | is no NAME:WEIGHT",
        "a:1,           | is no NAME:WEIGHT",
        ":1             | is no NAME:WEIGHT",
        "s3://bucket/x  | the weight of s3 is '//bucket/x'",
        "a:             | the weight of a is ''",
        "a:x            | the weight of a is 'x'",
        "a:-1,b:2       | the weight of a is '-1'",
        "a:NaN          | the weight of a is 'NaN'",
        "a:Infinity     | the weight of a is 'Infinity'",
        "a:1e999        | the weight of a is Infinity",
        "a:1f           | the weight of a is '1f'",
        "a:0x1p3        | the weight of a is '0x1p3'",
        "a:0,b:0        | all weights are 0",
        "a:1,b:2,a:3    | a stands there twice",
        "a:1,b:1e-9     | b with weight 1.0E-9 would get none of 10000",
      })
  void whatIsWrongIsTold(String text, String reason) {
    UsageException e = assertThrows(UsageException.class, () -> MixtureSpec.parse(text));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
  }

  @Test
  void negativeWeightsAreRefusedInJavaToo() {
    for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          UsageException.class, () -> MixtureSpec.of(List.of("a", "b"), List.of(1.0, weight)));
    }
    assertThrows(UsageException.class, () -> MixtureSpec.of(List.of(), List.of()));
  }

  @Property
  void sharesAreTheWeightsToOneSample(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = 0.01, max = 10) Double> weights) {
    List<String> names = IntStream.range(0, weights.size()).mapToObj(i -> "n" + i).toList();
    MixtureSpec spec = MixtureSpec.of(names, weights);
    double sum = weights.stream().mapToDouble(w -> w).sum();
    for (int i = 0; i < weights.size(); i++) {
      double exact = weights.get(i) / sum * Mixture.PERIOD;
      assertTrue(Math.abs(exact - spec.shares().get(i)) < 1, spec + " of " + weights);
    }
    assertEquals(spec, MixtureSpec.parse(spec.text()));
  }
}
