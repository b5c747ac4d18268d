package dev.stillhouse.storage.layout.pages;

import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.Arrays;

/** Says which bands of ranks a statistic can fill. */
public final class Ranks {
  private Ranks() {}

  /**
   * Returns those of some bands, by their first ranks, that any position's entries may reach; rank
   * 0 always.
   */
  public static int[] first(StatisticSpec spec, int... ranks) {
    return Arrays.stream(ranks).filter(rank -> rank < most(spec)).toArray();
  }

  /** Returns an upper bound of the entries of a position; at least 1. */
  private static int most(StatisticSpec spec) {
    if (spec.forced().isPresent()) {
      return Integer.MAX_VALUE;
    }
    long draws = spec.sample().map(sample -> sample.draws()).orElse(0);
    long max = spec.maxTop() + draws + (spec.target() ? 1 : 0);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, max));
  }
}
