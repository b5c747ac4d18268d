package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;

/** A batch for a rival's reader to fill. */
final class EmptyBatch {
  private EmptyBatch() {}

  /** Arrays for rows {@code from .. to} of a shard. */
  static StatisticsBatch of(ShardHeader header, int from, int to, int entries) {
    int length = header.sequenceLength();
    int slots = (to - from) * length;
    return new StatisticsBatch(
        new TokenBatch(header.firstSequence() + from, length, new int[slots], new int[slots]),
        new int[slots + 1],
        new int[entries],
        new float[entries],
        Provenance.NONE,
        new float[slots],
        new float[slots],
        new float[slots],
        new float[slots],
        new float[header.spec().normalisersAt().size()][slots]);
  }
}
