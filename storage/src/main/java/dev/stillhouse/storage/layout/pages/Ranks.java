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
    return Arrays.stream(ranks).filter(rank -> rank < Math.max(1, spec.maxEntries())).toArray();
  }
}
