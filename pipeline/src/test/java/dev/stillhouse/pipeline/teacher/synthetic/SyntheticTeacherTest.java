package dev.stillhouse.pipeline.teacher.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.OpenBlocks;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyntheticTeacherTest {
  /** Segments of 4, 2 and (after two of padding) 6 slots. */
  private static final TokenBatch BATCH =
      new TokenBatch(
          3, 8, new int[16], new int[] {0, 0, 0, 0, 1, 1, -1, -1, 0, 0, 0, 0, 0, 0, 1, 1});

  @Test
  void aRowIsThatOfItsPlaceInItsSegment() {
    float[][] rows = rows("vocabulary=5,rows=4", BATCH);
    for (int[] same : new int[][] {{0, 4, 8, 12, 14}, {1, 5, 9, 13, 15}, {2, 10}, {3, 11}}) {
      for (int slot : same) {
        assertArrayEquals(rows[same[0]], rows[slot], "slot " + slot);
      }
    }
    assertEquals(4, Arrays.stream(rows).limit(4).map(Arrays::hashCode).distinct().count());
    assertEquals(0, rows[6].length, "padding has a row");
    // A segment by itself is answered alike.
    float[][] alone = rows("vocabulary=5,rows=4", new TokenBatch(9, 2, new int[2], new int[2]));
    assertArrayEquals(rows[5], alone[1]);
  }

  @Test
  void aBlockIsAsLongAsRowsFollowOneAnother() {
    DenseTeacher teacher = open("vocabulary=5,rows=4");
    try (LogitsCursor cursor = teacher.read(BATCH)) {
      StringBuilder lent = new StringBuilder();
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        lent.append(block.firstSlot()).append('+').append(block.count()).append(' ');
        block.close();
      }
      assertEquals("0+4 4+2 8+4 12+2 14+2 ", lent.toString());
    }
  }

  @Test
  void blocksMayBeOpenAtOnce() {
    OpenBlocks.check(open("vocabulary=5,rows=4"), BATCH);
  }

  @Test
  void logitsAreNormalAndOfTheSeed() {
    float[] a = rows("vocabulary=100000,rows=1,deviation=2.50", one())[0];
    double sum = 0;
    double squares = 0;
    for (float x : a) {
      sum += x;
      squares += (double) x * x;
    }
    assertEquals(0, sum / a.length, 0.05);
    assertEquals(2.5, Math.sqrt(squares / a.length), 0.05);
    assertTrue(distinct(a) > 99_000, "ties are rare");
    assertNotEquals(a[0], rows("vocabulary=100000,rows=1,deviation=2.5,seed=1", one())[0][0]);
    // Bits of this release on every JDK: they are part of datasets' digests.
    assertEquals(GOLDEN, Arrays.hashCode(rows("vocabulary=1000,rows=2", BATCH)[1]));
  }

  private static final int GOLDEN = 1_232_473_426;

  @Test
  void idsBeyondTheTokenizersHaveNoPart() {
    StatisticsBatch batch =
        new StatisticsAssembler(open("vocabulary=64,rows=3"), StatisticSpec.ofTopK(8), 50)
            .read(BATCH);
    assertEquals(14 * 8, batch.entries());
    assertTrue(Arrays.stream(batch.ids()).limit(14 * 8).allMatch(id -> id < 50));
  }

  @Test
  void theFingerprintIsTheSettings() {
    assertEquals(
        "synthetic-1 vocabulary=7 rows=256 seed=-4 deviation=2.5",
        open("seed=-4,vocabulary=7,deviation=2.50").fingerprint());
    assertEquals(50_257, open("rows=1").vocabulary());
    assertTrue(open("vocabulary=7").reproducible());
  }

  @Test
  void errorsNameWhatIsWrong() {
    assertUsage("'depth=3' is no setting", "depth=3");
    assertUsage("'rows' is no setting", "rows");
    assertUsage("'' is no setting", "rows=1,");
    assertUsage("vocabulary=0: need a whole number from 1 to 4194304", "vocabulary=0");
    assertUsage("rows=many: need a whole number", "rows=many");
    assertUsage("rows=99999999999: need a whole number", "rows=99999999999");
    assertUsage("seed=x: need a whole number", "seed=x");
    assertUsage("deviation=1e9: need a number from 0", "deviation=1e9");
    assertUsage("ask for fewer rows (rows=127)", "vocabulary=4194304");
    TokenBatch odd = new TokenBatch(3, 2, new int[] {0, 5}, new int[2]);
    DataException e =
        assertThrows(DataException.class, () -> open("vocabulary=5,rows=1").read(odd));
    assertTrue(e.getMessage().startsWith("sequence 3, position 1: token id 5"), e.getMessage());
  }

  private static void assertUsage(String words, String argument) {
    UsageException e = assertThrows(UsageException.class, () -> open(argument));
    assertTrue(String.valueOf(e.getMessage()).contains(words), e.getMessage());
  }

  private static long distinct(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).distinct().count();
  }

  private static TokenBatch one() {
    return new TokenBatch(0, 1, new int[1], new int[1]);
  }

  /** Row of each slot; an empty one where none was given. */
  private static float[][] rows(String argument, TokenBatch batch) {
    float[][] rows = new float[batch.slots()][0];
    try (DenseTeacher teacher = open(argument);
        LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        for (int i = 0; i < block.count(); i++) {
          float[] row = new float[block.width()];
          block.rows().get(i * block.width(), row, row.length);
          assertEquals(0, rows[block.firstSlot() + i].length, "a slot was given twice");
          rows[block.firstSlot() + i] = row;
        }
        block.close();
      }
    }
    return rows;
  }

  private static DenseTeacher open(String argument) {
    return (DenseTeacher) new SyntheticProvider().open(argument, Optional.empty());
  }
}
