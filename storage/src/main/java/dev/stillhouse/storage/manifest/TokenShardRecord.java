package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import java.io.Serializable;

/**
 * A token shard of a corpus split.
 *
 * @param blob the file
 * @param unitStart number within the corpus split of its first sequence
 * @param sequences number of sequences
 * @param positions slots that are not padding
 */
public record TokenShardRecord(BlobRecord blob, long unitStart, int sequences, long positions)
    implements Serializable {
  public TokenShardRecord {
    if (unitStart < 0 || sequences < 1 || positions < 0) {
      throw DataException.of(
          "token shard %s: unitStart %d, sequences %d, positions %d: out of range",
          blob.sha256(), unitStart, sequences, positions);
    }
  }

  /** Returns the key of the blob. */
  public String key() {
    return BlobKind.TOKENS.key(blob.sha256());
  }

  /** Returns the blob. */
  public LiveBlob live() {
    return new LiveBlob(key(), blob.sha256(), blob.bytes());
  }
}
