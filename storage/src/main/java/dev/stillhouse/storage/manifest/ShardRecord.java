package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;

/**
 * A shard of a dataset: the statistics of one token shard's sequences.
 *
 * @param blob the file
 * @param firstSequence dataset-wide number of its first sequence
 * @param fingerprint this shard's part of the {@link DatasetFingerprint}
 * @param totals sums over its positions
 * @param tokens the token shard it was made from
 */
public record ShardRecord(
    BlobRecord blob,
    long firstSequence,
    String fingerprint,
    Totals totals,
    TokenShardRecord tokens) {
  public ShardRecord {
    Hashes.check("fingerprint", fingerprint);
    if (firstSequence < 0) {
      throw DataException.of("shard %s: firstSequence %d", blob.sha256(), firstSequence);
    }
  }

  /** Returns the key of the blob. */
  public String key() {
    return BlobKind.SHARD.key(blob.sha256());
  }

  /** Returns the number of sequences. */
  public int sequences() {
    return tokens.sequences();
  }

  /** Returns the first dataset-wide number behind the shard. */
  public long endSequence() {
    return firstSequence + sequences();
  }
}
