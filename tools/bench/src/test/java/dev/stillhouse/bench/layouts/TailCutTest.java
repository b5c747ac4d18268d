package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TailCutTest {
  private static float log(double p) {
    return (float) Math.log(p);
  }

  @Test
  void keepsTheFewestThatLeaveAHundredth() {
    float[] none = new float[3];
    StatisticsBatch cut =
        TailCut.cut(
            new StatisticsBatch(
                new TokenBatch(0, 3, new int[3], new int[] {0, 0, -1}),
                new int[] {0, 4, 7, 7},
                new int[] {7, 3, 9, 4, 1, 2, 3},
                new float[] {
                  log(0.9), log(0.0925), log(0.004), log(0.002), log(0.5), log(0.25), log(0.125)
                },
                new float[] {log(0.0015), log(0.125), Float.NaN},
                none,
                none,
                none));
    // 0.9925 of the mass with two entries; all three of the second position leave an eighth.
    assertArrayEquals(new int[] {0, 2, 5, 5}, cut.offsets());
    assertArrayEquals(new int[] {7, 3, 1, 2, 3}, cut.ids());
    assertEquals(log(0.0075), cut.logTail()[0], 1e-5);
    assertEquals(log(0.125), cut.logTail()[1]);
    assertTrue(Float.isNaN(cut.logTail()[2]));
  }

  @Test
  void keepsNoMoreThanSixtyFour() {
    int k = 100;
    float[] logProbs = new float[k];
    Arrays.fill(logProbs, log(0.001));
    float[] none = new float[1];
    StatisticsBatch cut =
        TailCut.cut(
            new StatisticsBatch(
                new TokenBatch(0, 1, new int[1], new int[1]),
                new int[] {0, k},
                new int[k],
                logProbs,
                new float[] {log(0.9)},
                none,
                none,
                none));
    assertEquals(64, cut.entries());
    assertEquals(log(0.936), cut.logTail()[0], 1e-5);
  }

  @Test
  void onlyAFixedKIsCut() {
    assertTrue(TailCut.fits("top-k:64"));
    assertFalse(TailCut.fits("top-p:0.98,max=64"));
    assertFalse(TailCut.fits("top-k:64+target"));
    assertTrue(TailCut.STATISTIC.equals("top-p:0.99,max=64"));
  }
}
