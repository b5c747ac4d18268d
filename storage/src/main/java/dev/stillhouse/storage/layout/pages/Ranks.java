package dev.stillhouse.storage.layout.pages;

import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.Arrays;

/** Which bands of ranks a statistic can fill. */
public final class Ranks {
  private Ranks() {}

  /** Those of some first ranks that any position's entries may reach; rank 0 always. */
  public static int[] first(StatisticSpec spec, int... ranks) {
    return Arrays.stream(ranks).filter(rank -> rank < most(spec)).toArray();
  }

  /** Most entries of a position, or more; at least 1. */
  private static int most(StatisticSpec spec) {
    if (spec.forced().isPresent()) {
      return Integer.MAX_VALUE;
    }
    long draws = spec.sample().map(sample -> sample.draws()).orElse(0);
    long max = spec.maxTop() + draws + (spec.target() ? 1 : 0);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, max));
  }
}
