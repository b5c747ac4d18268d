package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;

/** Makes a batch for a rival's reader to fill. */
final class EmptyBatch {
  private EmptyBatch() {}

  /** Returns the arrays for rows {@code from .. to} of a shard. */
  static StatisticsBatch of(ShardHeader header, int from, int to, int entries) {
    TokenBatch tokens =
        TokenBatch.room(header.firstSequence() + from, to - from, header.sequenceLength());
    return StatisticsBatch.nulls(header.spec(), tokens)
        .withEntries(
            new int[tokens.slots() + 1], new int[entries], new float[entries], Provenance.NONE);
  }
}
