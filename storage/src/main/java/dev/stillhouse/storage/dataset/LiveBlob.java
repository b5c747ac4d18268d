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
 * @param bytes its length; of one that no manifest names that of its first copy that is there
 */
public record LiveBlob(String key, String sha256, long bytes) implements Serializable {
  /** Below these lie blobs that are named by their sha256 and by no manifest. */
  private static final List<String> BY_CONTENT = List.of("teachers/", "tokenizers/", "forced/");

  /**
   * Every blob of these versions, each once: token shards, shards, lists of shards, fitted
   * teachers, tokenizers, forced ids. The versions were read, appended or {@linkplain
   * ManifestLog#prepare prepared}, so that their lists are there.
   */
  public static List<LiveBlob> of(List<Manifest> manifests, ReplicaReader reader) {
    Map<String, LiveBlob> blobs = new LinkedHashMap<>();
    for (Manifest manifest : manifests) {
      for (ShardRecord shard : manifest.shards()) {
        add(blobs, shard.tokens().key(), shard.tokens().blob());
        add(blobs, shard.key(), shard.blob());
      }
      manifest.listBlobs().forEach(list -> blobs.put(list.key(), list.live()));
    }
    for (String prefix : BY_CONTENT) {
      for (String key : reader.list(prefix)) {
        String sha256 = key.substring(prefix.length());
        if (Hashes.isSha256(sha256)) {
          long bytes =
              reader.size(key).orElseThrow(() -> DataException.of("missing: blob %s", key));
          blobs.put(key, new LiveBlob(key, sha256, bytes));
        }
      }
    }
    return List.copyOf(blobs.values());
  }

  private static void add(Map<String, LiveBlob> blobs, String key, BlobRecord blob) {
    blobs.put(key, new LiveBlob(key, blob.sha256(), blob.bytes()));
  }
}
