package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;

/**
 * A blob that lists shards of a dataset, {@code lists/SHA256.parquet}, a row each.
 *
 * @param sha256 of the file
 * @param bytes its length
 * @param shards number of shards
 * @param firstSequence dataset-wide number of the first sequence of its first shard
 */
public record ListRecord(String sha256, long bytes, int shards, long firstSequence) {
  /** Max bytes of a file that is read: twice the longest list without compression. */
  static final int MAX_BYTES = 2 * ShardList.MAX_SHARDS * ShardList.ROW_BYTES;

  public ListRecord {
    Hashes.check("sha256", sha256);
    if (shards < 1 || shards > ShardList.MAX_SHARDS || firstSequence < 0) {
      throw DataException.of(
          "list %s: shards %d, firstSequence %d: need 1 to %d shards from sequence 0 or later on",
          sha256, shards, firstSequence, ShardList.MAX_SHARDS);
    }
    if (bytes < 1 || bytes > MAX_BYTES) {
      throw DataException.of("list %s: %d bytes, need 1 to %d", sha256, bytes, MAX_BYTES);
    }
  }

  /** Returns the key of the blob. */
  public String key() {
    return BlobKind.LIST.key(sha256);
  }

  /** Returns the blob. */
  public LiveBlob live() {
    return new LiveBlob(key(), sha256, bytes);
  }
}
