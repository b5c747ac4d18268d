package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.region.ReplicaReader;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A blob that a dataset needs, named by its content.
 *
 * @param key of the blob
 * @param sha256 of its bytes
 * @param bytes its length; for a teacher that of its first copy that is there
 */
public record LiveBlob(String key, String sha256, long bytes) implements Serializable {
  private static final String TEACHERS = "teachers/";

  /** Every blob of these versions, each once: token shards, shards, fitted teachers. */
  public static List<LiveBlob> of(List<Manifest> manifests, ReplicaReader reader) {
    Map<String, LiveBlob> blobs = new LinkedHashMap<>();
    for (Manifest manifest : manifests) {
      for (ShardRecord shard : manifest.shards()) {
        add(blobs, shard.tokens().key(), shard.tokens().blob());
        add(blobs, shard.key(), shard.blob());
      }
    }
    for (String key : reader.list(TEACHERS)) {
      String sha256 = key.substring(TEACHERS.length());
      if (Hashes.isSha256(sha256)) {
        long bytes =
            reader
                .size(key)
                .orElseThrow(() -> DataException.of("missing: the fitted teacher %s", key));
        blobs.put(key, new LiveBlob(key, sha256, bytes));
      }
    }
    return List.copyOf(blobs.values());
  }

  private static void add(Map<String, LiveBlob> blobs, String key, BlobRecord blob) {
    blobs.put(key, new LiveBlob(key, blob.sha256(), blob.bytes()));
  }
}
