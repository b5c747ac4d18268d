package dev.stillhouse.storage.loader;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticSpec;

/** Estimates the max memory of a row while it is read: as fetched, decoded, and gathered. */
final class StepMemory {
  private StepMemory() {}

  /** Returns the bytes of a sequence of average size. */
  static long ofRow(Dataset dataset) {
    Manifest manifest = dataset.manifest();
    StatisticSpec spec = dataset.statistic();
    long sequences = Math.max(1, manifest.sequences());
    long slots = manifest.sequenceLength();
    long entries = manifest.totals().entries() / sequences;
    long ofEntry = 8;
    ofEntry += spec.hasReasons() ? 1 : 0;
    ofEntry += spec.hasCounts() ? 4 : 0;
    ofEntry += spec.hasProposals() ? 4 : 0;
    long ofSlot = 4L * (7 + spec.furtherScalars().size());
    return manifest.bytes() / sequences + 2 * (slots * ofSlot + entries * ofEntry);
  }
}
