package dev.stillhouse.storage.manifest;

import com.google.common.base.Splitter;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds what a dataset needs besides its shards and lists: the tokenizer.json, the fitted teacher,
 * the forced ids. The manifest decides, not what is stored, so that a missing blob is noticed.
 * Verifying, copying and committing all use this list.
 */
public final class NeededBlobs {
  /** Teachers that are fitted to the corpus: their fingerprint is their blob's sha256. */
  private static final Set<String> FITTED = Set.of("ngram");

  private NeededBlobs() {}

  /** Returns whether teachers of this name are fitted. */
  public static boolean fitted(String teacher) {
    return FITTED.contains(Splitter.on(':').split(teacher).iterator().next());
  }

  /** Returns the blob that holds the tokenizer of a dataset; empty if the tokenizer is built in. */
  private static Optional<String> tokenizer(Manifest manifest) {
    return manifest.tokenizer().endsWith(".json") && hash(manifest.identity().tokenizer())
        ? Optional.of(BlobKind.TOKENIZER.key(manifest.identity().tokenizer()))
        : Optional.empty();
  }

  /** Returns the keys of all blobs that a version needs. */
  public static List<String> keys(Manifest manifest) {
    List<String> keys = new ArrayList<>();
    tokenizer(manifest).ifPresent(keys::add);
    if (fitted(manifest.teacher()) && hash(manifest.identity().teacher())) {
      keys.add(BlobKind.TEACHER.key(manifest.identity().teacher()));
    }
    forced(manifest).ifPresent(sha256 -> keys.add(BlobKind.FORCED.key(sha256)));
    return keys;
  }

  private static boolean hash(String fingerprint) {
    return Hashes.isSha256(fingerprint);
  }

  private static Optional<String> forced(Manifest manifest) {
    try {
      return StatisticSpec.parse(manifest.identity().statistic()).forced().filter(Hashes::isSha256);
    } catch (UsageException e) {
      return Optional.empty(); // Its shards say so too.
    }
  }

  /**
   * Returns the keys of all blobs that these versions need, and those of blobs in any region that
   * their fingerprints name.
   */
  private static Set<String> keys(List<Manifest> manifests, ReplicaReader reader) {
    Map<String, Boolean> keys = new LinkedHashMap<>();
    for (Manifest manifest : manifests) {
      keys(manifest).forEach(key -> keys.put(key, true));
      String teacher = BlobKind.TEACHER.key(manifest.identity().teacher());
      if (hash(manifest.identity().teacher())) {
        keys.computeIfAbsent(teacher, key -> reader.size(key).isPresent());
      }
    }
    keys.values().removeIf(needed -> !needed);
    return keys.keySet();
  }

  /**
   * Returns the tokenizer's blob of a version; empty if the tokenizer is built in.
   *
   * @throws DataException if no region that can be asked has it
   */
  public static Optional<LiveBlob> tokenizer(Manifest manifest, ReplicaReader reader) {
    return tokenizer(manifest).map(key -> there(key, reader));
  }

  /**
   * Checks that regions have what a version needs.
   *
   * @throws DataException if no region that can be asked has one of the blobs
   */
  public static void check(Manifest manifest, ReplicaReader reader) {
    keys(manifest).forEach(key -> there(key, reader));
  }

  /**
   * Returns the blobs that these versions need.
   *
   * @throws DataException if no region that can be asked has one of them
   */
  public static List<LiveBlob> of(List<Manifest> manifests, ReplicaReader reader) {
    return keys(manifests, reader).stream().map(key -> there(key, reader)).toList();
  }

  private static LiveBlob there(String key, ReplicaReader reader) {
    OptionalLong bytes = reader.size(key);
    try {
      return new LiveBlob(
          key, sha256(key), bytes.isPresent() ? bytes.getAsLong() : reader.check(key, sha256(key)));
    } catch (DataException e) {
      throw new DataException(
          e.getMessage()
              + "; the dataset needs it: bring it back, or verify --repair does where another"
              + " region has it",
          e);
    }
  }

  /**
   * Returns the blobs that these versions need, whether or not any region has them, each with the
   * length 0.
   */
  public static List<LiveBlob> named(List<Manifest> manifests, ReplicaReader reader) {
    return keys(manifests, reader).stream().map(key -> new LiveBlob(key, sha256(key), 0)).toList();
  }

  private static String sha256(String key) {
    return BlobKind.sha256(key).orElseThrow();
  }
}
