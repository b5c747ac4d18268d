package dev.stillhouse.storage.loader;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticSpec;

/**
 * Estimates the memory of a row of average size.
 *
 * @param fetched bytes as they lie in the shard
 * @param read bytes while it is decoded and gathered
 */
record StepMemory(long fetched, long read) {
  /** Returns the memory of a row of a dataset. */
  static StepMemory ofRow(Dataset dataset) {
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
    return new StepMemory(manifest.bytes() / sequences, 2 * (slots * ofSlot + entries * ofEntry));
  }

  /** Returns the memory of this row and of another. */
  StepMemory plus(StepMemory other) {
    return new StepMemory(fetched + other.fetched, read + other.read);
  }

  /** Returns the larger of both, by part. */
  StepMemory max(StepMemory other) {
    return new StepMemory(Math.max(fetched, other.fetched), Math.max(read, other.read));
  }
}
