package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.manifest.TokenShardRecord;
import java.io.Serializable;
import java.util.Locale;

/**
 * A task of an extraction: one token shard and where its sequences stand in the dataset.
 *
 * @param firstSequence dataset-wide number of the token shard's first sequence
 * @param tokens the token shard
 */
public record ShardTask(long firstSequence, TokenShardRecord tokens) implements Serializable {
  /** Returns the name of the shard task's receipt. */
  public String receipt() {
    return String.format(
        Locale.ROOT, "%012d-%s", firstSequence, tokens.blob().sha256().substring(0, 16));
  }
}
