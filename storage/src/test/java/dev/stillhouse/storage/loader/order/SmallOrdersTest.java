package dev.stillhouse.storage.loader.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.loader.Deviation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders of a few records, over many epochs: blocks are few, and a test set may be. */
class SmallOrdersTest {
  private static final double MAX = 5;

  /** All permutations of so few are equally likely. */
  @ParameterizedTest
  @CsvSource({"2, 2", "3, 6", "4, 24"})
  void everyOrderIsAsLikely(int n, int orders) {
    Map<String, Long> counts = new HashMap<>();
    for (int epoch = 0; epoch < 30_000; epoch++) {
      counts.merge(Arrays.toString(Orders.global(n, 7, epoch)), 1L, Long::sum);
    }
    assertEquals(orders, counts.size());
    lookRandom(
        "orders", Deviation.even(counts.values().stream().mapToLong(count -> count).toArray()));
  }

  /** Every record is as often at every position. */
  @ParameterizedTest
  @ValueSource(ints = {5, 9, 16, 23, 100})
  void everyPlaceIsAsLikely(int n) {
    lookRandom("places", places(n, 10_000, epoch -> Orders.global(n, 7, epoch)));
  }

  /** So they are in blocks, where all blocks are whole. */
  @Test
  void everyPlaceIsAsLikelyInBlocks() {
    lookRandom(
        "places",
        places(
            24, 10_000, epoch -> Orders.table(new BlockShuffle(24, 2, 4, 7, epoch, Orders.DATA))));
  }

  /** Fixed points are as many as a Poisson number with mean 1, cycles 1 + 1/2 + ... + 1/n. */
  @Test
  void fixedPointsAndCyclesAreAsManyAsChanceGives() {
    int n = 1000;
    int epochs = 4000;
    long[] fixed = new long[6];
    double cycles = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] order = Orders.global(n, 7, epoch);
      int points = 0;
      for (int p = 0; p < n; p++) {
        points += order[p] == p ? 1 : 0;
      }
      fixed[Math.min(points, 5)]++;
      cycles += cycles(order);
    }
    double e = epochs / Math.E;
    double[] poisson = {
      e, e, e / 2, e / 6, e / 24, epochs - e * (2 + 1 / 2.0 + 1 / 6.0 + 1 / 24.0)
    };
    lookRandom("fixed points", Deviation.expected(fixed, poisson));
    double mean = 0;
    double variance = 0;
    for (int i = 1; i <= n; i++) {
      mean += 1.0 / i;
      variance += 1.0 / i - 1.0 / i / i;
    }
    lookRandom("cycles", Deviation.of(cycles, epochs * mean, Math.sqrt(epochs * variance)));
  }

  /**
   * What is not random: where n is the square of an odd number, each round is an even permutation,
   * and so is the order. It cannot be seen without all but two of the records.
   */
  @ParameterizedTest
  @ValueSource(ints = {9, 25, 1225})
  void ordersOfOddSquaresAreEven(int n) {
    for (int epoch = 0; epoch < 100; epoch++) {
      assertEquals(0, (n - cycles(Orders.global(n, 7, epoch))) % 2);
    }
  }

  private static double places(int n, int epochs, IntFunction<int[]> orderOf) {
    long[][] table = new long[n][n];
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] order = orderOf.apply(epoch);
      for (int p = 0; p < n; p++) {
        table[p][order[p]]++;
      }
    }
    return Deviation.independent(table);
  }

  private static int cycles(int[] order) {
    boolean[] seen = new boolean[order.length];
    int cycles = 0;
    for (int p = 0; p < order.length; p++) {
      cycles += seen[p] ? 0 : 1;
      for (int q = p; !seen[q]; q = order[q]) {
        seen[q] = true;
      }
    }
    return cycles;
  }

  private static void lookRandom(String what, double deviation) {
    assertTrue(Math.abs(deviation) < MAX, what + ": " + deviation + " sigma");
  }
}
