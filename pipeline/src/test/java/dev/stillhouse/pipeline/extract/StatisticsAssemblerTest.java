package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.extract.ScriptedTeacher.Block;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsAssemblerTest {
  private static final StatisticSpec TOP_2 = StatisticSpec.ofTopK(2);

  /** Two sequences of three: segments 0 0 1 and 0 with two slots of padding. */
  private static final TokenBatch BATCH =
      new TokenBatch(40, 3, new int[] {0, 1, 2, 2, 0, 0}, new int[] {0, 0, 1, 0, -1, -1});

  private static final float[] ROW = {1, 3, 2};

  /** As wide as a padded matrix: a huge value at an id that the tokenizer does not have. */
  private static final float[] PADDED = {1, 3, 2, 1e30f};

  @Test
  void everySlotButPaddingHasAStatistic() {
    ScriptedTeacher teacher =
        new ScriptedTeacher(
            4,
            List.of(new Block(0, List.of(PADDED, PADDED)), new Block(2, List.of(PADDED, PADDED))));
    StatisticsBatch batch = new StatisticsAssembler(teacher, TOP_2, 3).read(BATCH);

    assertArrayEquals(new int[] {0, 2, 4, 6, 8, 8, 8}, batch.offsets());
    assertArrayEquals(new int[] {1, 2, 1, 2, 1, 2, 1, 2}, Arrays.copyOf(batch.ids(), 8));
    double normaliser = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3));
    assertEquals(normaliser, batch.logNormaliser()[3], 1e-6);
    assertEquals(1 - normaliser, batch.logTail()[3], 1e-6);
    assertEquals(3 - normaliser, batch.targetLogProb()[0], 1e-6);
    // The last slot of a segment has a statistic but no target; padding has nothing.
    for (int slot : new int[] {1, 2, 3}) {
      assertTrue(Float.isNaN(batch.targetLogProb()[slot]));
      assertEquals(batch.entropy()[0], batch.entropy()[slot]);
    }
    for (int slot : new int[] {4, 5}) {
      assertTrue(Float.isNaN(batch.logTail()[slot]) && Float.isNaN(batch.logNormaliser()[slot]));
      assertTrue(Float.isNaN(batch.entropy()[slot]) && Float.isNaN(batch.targetLogProb()[slot]));
    }
    assertEquals(0, teacher.open, "a block or a cursor was not closed");
  }

  @Test
  void blocksMayComeInAnyOrder() {
    // Id 2 has no mass in the first: fewer entries there, which the others close up behind.
    float[] thin = {1, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
    Block first = new Block(0, List.of(thin));
    Block middle = new Block(1, List.of(ROW, new float[] {5, 1, 4}));
    Block last = new Block(3, List.of(ROW));
    StatisticsBatch inOrder = read(first, middle, last);
    StatisticsBatch mixed = read(last, first, middle);

    assertArrayEquals(new int[] {0, 1, 3, 5, 7, 7, 7}, mixed.offsets());
    assertArrayEquals(new int[] {0, 1, 2, 0, 2, 1, 2}, Arrays.copyOf(mixed.ids(), 7));
    assertArrayEquals(inOrder.offsets(), mixed.offsets());
    assertArrayEquals(Arrays.copyOf(inOrder.ids(), 7), Arrays.copyOf(mixed.ids(), 7));
    assertArrayEquals(Arrays.copyOf(inOrder.logProbs(), 7), Arrays.copyOf(mixed.logProbs(), 7));
    assertArrayEquals(inOrder.entropy(), mixed.entropy());
    assertArrayEquals(inOrder.targetLogProb(), mixed.targetLogProb());
  }

  @Test
  void reasonsGoWithTheirEntriesInAnyOrder() {
    StatisticSpec spec = StatisticSpec.parse("top-k:1+target");
    Block first = new Block(0, List.of(new float[] {1, 3, 2}));
    Block middle = new Block(1, List.of(ROW, ROW));
    Block last = new Block(3, List.of(ROW));
    byte[] inOrder = read(spec, first, middle, last).provenance().reasons();
    StatisticsBatch mixed = read(spec, last, middle, first);

    byte top = (byte) Reason.TOP.bit();
    byte both = (byte) (Reason.TOP.bit() | Reason.TARGET.bit());
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 4, 4}, mixed.offsets());
    assertArrayEquals(new byte[] {both, top, top, top}, Arrays.copyOf(inOrder, 4));
    assertArrayEquals(
        new byte[] {both, top, top, top}, Arrays.copyOf(mixed.provenance().reasons(), 4));
  }

  private static StatisticsBatch read(Block... script) {
    return read(TOP_2, script);
  }

  private static StatisticsBatch read(StatisticSpec spec, Block... script) {
    return new StatisticsAssembler(new ScriptedTeacher(3, List.of(script)), spec, 3).read(BATCH);
  }

  @Test
  void wrongRowsAreNamed() {
    assertWrong("sequence 41, position 0: teacher scripted gave no row", new Block(0, rows(3)));
    assertWrong("sequence 40, position 0: teacher scripted gave no row");
    assertWrong("sequence 40, position 0: teacher scripted gave no row", new Block(1, rows(3)));
    assertWrong(
        "sequence 40, position 1: teacher scripted gave its row twice",
        new Block(0, rows(2)),
        new Block(1, rows(1)));
    assertWrong(
        "sequence 41, position 0: teacher scripted gave a row after", new Block(0, rows(5)));
    assertWrong(
        "sequence 41, position 2: teacher scripted gave the row of slot 6 after",
        new Block(0, rows(4)),
        new Block(6, rows(1)));
    assertWrong(
        "sequence 40, position 0: teacher scripted gave rows of 4 ids, but says it has 3",
        new Block(0, List.of(PADDED)));
  }

  @Test
  void badLogitsAreNamedWithTheirPlace() {
    assertWrong(
        "sequence 40, position 1: the logit of id 2 is NaN",
        new Block(0, List.of(ROW, new float[] {0, 1, Float.NaN})));
  }

  @Test
  void vocabulariesMustFit() {
    ScriptedTeacher teacher = new ScriptedTeacher(3, List.of(new Block(0, rows(4))));
    assertThrows(DataException.class, () -> new StatisticsAssembler(teacher, TOP_2, 4));
    assertThrows(UsageException.class, () -> new StatisticsAssembler(teacher, TOP_2, 1));
    TokenBatch odd = new TokenBatch(7, 2, new int[] {0, 3}, new int[] {0, 0});
    DataException e =
        assertThrows(
            DataException.class, () -> new StatisticsAssembler(teacher, TOP_2, 3).read(odd));
    assertEquals(
        "sequence 7, position 0: the target, token id 3, is outside the vocabulary of 3",
        e.getMessage());
  }

  private static void assertWrong(String message, Block... script) {
    ScriptedTeacher teacher = new ScriptedTeacher(3, List.of(script));
    StatisticsAssembler assembler = new StatisticsAssembler(teacher, TOP_2, 3);
    DataException e = assertThrows(DataException.class, () -> assembler.read(BATCH));
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    assertEquals(0, teacher.open, "a block or a cursor was not closed");
  }

  private static List<float[]> rows(int n) {
    return Collections.nCopies(n, ROW);
  }
}
