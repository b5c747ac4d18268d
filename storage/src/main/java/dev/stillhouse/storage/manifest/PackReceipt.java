package dev.stillhouse.storage.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.IfAbsent;
import java.util.List;

/**
 * Receipt of a packed corpus split.
 *
 * @param unit content hash of the corpus split
 * @param documents number of documents that were packed
 * @param tokens number of token ids, separators included
 * @param shards its token shards, in order
 * @param skipped documents that were left out
 */
public record PackReceipt(
    String unit,
    long documents,
    long tokens,
    List<TokenShardRecord> shards,
    @JsonProperty("skipped") @IfAbsent(Skipped.NONE_JSON) Skipped skipped) {
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
