package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.DataException;
import java.util.List;

/**
 * Receipt of a packed unit.
 *
 * @param unit content hash of the unit
 * @param documents how many documents it has
 * @param tokens how many token ids, separators included
 * @param shards its token shards, in order
 */
public record PackReceipt(String unit, long documents, long tokens, List<TokenShardRecord> shards) {
  public PackReceipt {
    shards = List.copyOf(shards);
    long next = 0;
    for (TokenShardRecord shard : shards) {
      if (shard.unitStart() != next) {
        throw DataException.of(
            "unit %s: token shard %s starts at %d; %d must come next",
            unit, shard.blob().sha256(), shard.unitStart(), next);
      }
      next += shard.sequences();
    }
  }
}
