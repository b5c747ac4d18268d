package dev.stillhouse.pipeline.formats.export;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.statistics.StatisticSpec;

/** What formats have in common that they lose. */
final class Losses {
  private Losses() {}

  /** Returns what a format without our reasons, counts and further normalisers loses. */
  static ImmutableList.Builder<String> ofSpec(StatisticSpec spec) {
    ImmutableList.Builder<String> losses = ImmutableList.builder();
    if (spec.hasReasons()) {
      losses.add("why each entry is kept: entries of all reasons become one list");
    }
    if (spec.hasCounts()) {
      losses.add("how often entries were drawn");
    }
    if (!spec.normalisersAt().isEmpty()) {
      losses.add("the normalisers at other temperatures");
    }
    return losses;
  }

  /** Adds what a format of entries alone loses. */
  static ImmutableList<String> entriesAlone(StatisticSpec spec) {
    return ofSpec(spec)
        .add("the log tail: the mass that is not kept")
        .add("entropy and normaliser")
        .add("the statistics of each segment's last position")
        .build();
  }
}
