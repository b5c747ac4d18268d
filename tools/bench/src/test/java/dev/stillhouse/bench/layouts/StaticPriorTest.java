package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import org.junit.jupiter.api.Test;

class StaticPriorTest {
  @Test
  void countsIdsAnywhereAndStepsByRank() {
    float[] none = new float[4];
    StaticPrior prior = new StaticPrior(10);
    prior.accept(
        new StatisticsBatch(
            new TokenBatch(0, 4, new int[4], new int[4]),
            new int[] {0, 2, 4, 6, 8},
            new int[] {1, 2, 1, 2, 1, 3, 1, 4},
            // First ranks: 0, 0, 0, 50 steps; second ranks: 10, 20, 30, and 40 steps below.
            new float[] {0, -.2f, 0, -.4f, 0, -.6f, -1, -1.8f},
            none,
            none,
            none,
            none));
    assertEquals(4, prior.positions());
    // Four of eight, two of eight, twice one of eight: 4 x 1 + 2 x 2 + 2 x 3 bits.
    assertEquals(14 / 8.0, prior.idBytes(), 1e-9);
    // Three of four and one of four: 3 x log2(4/3) + 2; then four different ones: 4 x 2.
    assertEquals((3 * 0.4150375 + 2 + 8) / 8, prior.logProbBytes(), 1e-6);
  }
}
