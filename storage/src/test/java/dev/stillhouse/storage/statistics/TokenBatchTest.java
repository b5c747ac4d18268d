package dev.stillhouse.storage.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenBatchTest {
  private static final int NONE = TokenBatch.NO_TARGET;

  /**
   * Three rows of four: segment 0 fills the first and begins the second anew; two slots of padding
   * end the second, and the third is padding alone.
   */
  private static final TokenBatch BATCH =
      new TokenBatch(
          7,
          4,
          new int[] {1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0},
          new int[] {0, 0, 0, 0, 0, 1, -1, -1, -1, -1, -1, -1});

  @Test
  void noSegmentGoesOnInTheNextRow() {
    assertArrayEquals(
        new int[] {4, 4, 4, 4, 5, 6, 8, 8, 12, 12, 12, 12},
        IntStream.range(0, BATCH.slots()).map(BATCH::segmentEnd).toArray());
  }

  @Test
  void aTargetIsTheNextTokenOfItsSegmentAndRow() {
    assertArrayEquals(
        new int[] {2, 3, 4, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
        IntStream.range(0, BATCH.slots()).map(BATCH::target).toArray());
  }

  @Test
  void paddingIsNoPosition() {
    assertEquals(3, BATCH.sequences());
    assertEquals(12, BATCH.slots());
    assertEquals(6, BATCH.positions());
  }
}
