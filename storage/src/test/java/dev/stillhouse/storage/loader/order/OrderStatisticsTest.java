package dev.stillhouse.storage.loader.order;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.loader.Deviation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whether the order of an epoch can be told from a random one. With {@code -Pevery-order} of more
 * keys, in a few minutes.
 */
@Tag("slow")
class OrderStatisticsTest {
  private static final boolean EVERY = Boolean.getBoolean("stillhouse.everyOrder");

  /** Chance gives more in one of 1.7 million. */
  private static final double MAX = 5;

  /** An order and the one after, by epoch and by seed in turn. */
  @ParameterizedTest
  @CsvSource({"1000000, 6", "10000019, 1", "16777216, 1"})
  void theOrderLooksRandom(int n, int keys) {
    List<Map<OrderStatistic, Double>> all = new ArrayList<>();
    for (int key = 0; key < (EVERY ? 16 : keys); key++) {
      int seed = key / 2;
      int[] order = Orders.global(n, seed, 3);
      all.add(
          deviations(
              order, key % 2 == 0 ? Orders.global(n, seed, 4) : Orders.global(n, seed + 1, 3)));
    }
    looksRandom(all);
  }

  /** The statistics are what they say they are, of orders that are random. */
  @Test
  void anOrderThatWasDrawnLooksRandom() {
    int n = 1_000_000;
    looksRandom(
        List.of(
            deviations(Orders.drawn(n, 1), Orders.drawn(n, 2)),
            deviations(Orders.drawn(n, 3), Orders.drawn(n, 4))));
  }

  /** The test can fail: so many rounds are seen, and by what. Six are not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void fewerRoundsAreSeen(int rounds) {
    int n = 1_000_000;
    Map<OrderStatistic, Double> deviations =
        deviations(Orders.rounds(n, rounds, 7, 0), Orders.rounds(n, rounds, 7, 1));
    Set<OrderStatistic> seen = new HashSet<>(deviations.keySet());
    seen.removeIf(statistic -> Math.abs(deviations.getOrDefault(statistic, 0.0)) < MAX);
    Set<OrderStatistic> expected =
        switch (rounds) {
          case 1, 2 ->
              EnumSet.of(
                  OrderStatistic.PLACES,
                  OrderStatistic.SUCCESSORS,
                  OrderStatistic.COLUMN,
                  OrderStatistic.DIFFERENCES,
                  OrderStatistic.EPOCHS);
          case 3 -> EnumSet.of(OrderStatistic.COLUMN, OrderStatistic.DIFFERENCES);
          case 4 -> EnumSet.of(OrderStatistic.FOUR_ROUNDS);
          case 5 -> EnumSet.of(OrderStatistic.THREE_ROUNDS);
          default -> EnumSet.noneOf(OrderStatistic.class);
        };
    assertTrue(seen.containsAll(expected), rounds + " rounds: " + deviations);
    assertTrue(rounds < 6 || seen.isEmpty(), rounds + " rounds: " + deviations);
  }

  /** The windows of {@code blocks} are permuted each by itself. */
  @Test
  void windowsSayNothingOfOneAnother() {
    int block = 1_000_000;
    int[] order = Orders.table(new BlockShuffle(2L * block, 1, block, 1, 2, Orders.DATA));
    int[] first = Arrays.stream(order, 0, block).map(record -> record % block).toArray();
    int[] second = Arrays.stream(order, block, 2 * block).map(record -> record % block).toArray();
    looksRandom(List.of(deviations(first, second), deviations(second, first)));
  }

  private static Map<OrderStatistic, Double> deviations(int[] order, int[] next) {
    Map<OrderStatistic, Double> deviations = new EnumMap<>(OrderStatistic.class);
    for (OrderStatistic statistic : OrderStatistic.values()) {
      deviations.put(statistic, statistic.of(order, next));
    }
    return deviations;
  }

  /** Each by itself, each over all keys, and whether all together scatter as chance does. */
  private static void looksRandom(List<Map<OrderStatistic, Double>> all) {
    Map<OrderStatistic, Double> sums = new EnumMap<>(OrderStatistic.class);
    double[] squares = new double[1];
    for (Map<OrderStatistic, Double> one : all) {
      one.forEach(
          (statistic, deviation) -> {
            assertTrue(Math.abs(deviation) < MAX, statistic + ": " + deviation + " sigma");
            sums.merge(statistic, deviation, Double::sum);
            squares[0] += deviation * deviation;
          });
    }
    sums.forEach(
        (statistic, sum) -> {
          double mean = sum / Math.sqrt(all.size());
          assertTrue(Math.abs(mean) < MAX, statistic + " of all keys: " + mean + " sigma");
        });
    double scatter = Deviation.chiSquare(squares[0], (double) all.size() * sums.size());
    assertTrue(Math.abs(scatter) < MAX, "all together: " + scatter + " sigma");
  }
}
