package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.replica.ReplicaReader;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A blob that a dataset needs, named by its content.
 *
 * @param key of the blob
 * @param sha256 of its bytes
 * @param bytes its length; if no manifest says it, that of its first copy
 */
public record LiveBlob(String key, String sha256, long bytes) implements Serializable {
  /**
   * Returns every blob of these versions, each once: token shards, shards, lists of shards, and
   * what they {@linkplain NeededBlobs need} besides. The versions must have been read, appended or
   * {@linkplain ManifestLog#prepare prepared}, so that their lists exist.
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
    NeededBlobs.of(manifests, reader).forEach(blob -> blobs.put(blob.key(), blob));
    return List.copyOf(blobs.values());
  }

  private static void add(Map<String, LiveBlob> blobs, String key, BlobRecord blob) {
    blobs.put(key, new LiveBlob(key, blob.sha256(), blob.bytes()));
  }
}
