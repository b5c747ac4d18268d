package dev.stillhouse.storage.dataset;

import com.google.common.collect.Lists;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.region.MissingBlobException;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.ReplicaReader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The numbered versions of a dataset, in its home region. A version is appended by putting a blob
 * that must not be there yet: the store decides who is first.
 */
public final class ManifestLog {
  private static final String PREFIX = "manifests/";
  private static final Pattern NAME = Pattern.compile("manifests/v([0-9]{20})\\.json");
  private static final int MOST_BYTES = 1 << 30;

  /** What became of an append. */
  public enum Outcome {
    /** The version is there, with these very bytes. */
    COMMITTED,
    /** Another manifest has this number. */
    CONFLICT,
    /** The store failed in between; append again to settle it. */
    UNKNOWN
  }

  private final RegionStore home;
  private final ReplicaReader reader;

  /** The log of the dataset in {@code home}; reads go through {@code reader}. */
  public ManifestLog(RegionStore home, ReplicaReader reader) {
    this.home = home;
    this.reader = reader;
  }

  /** Key of a version. */
  public static String key(long version) {
    return String.format(Locale.ROOT, "manifests/v%020d.json", version);
  }

  /** The newest version, if there is any. */
  public Optional<Manifest> latest() {
    return newest(manifest -> true);
  }

  /** The newest version that is wanted, if there is any. */
  public Optional<Manifest> newest(Predicate<Manifest> wanted) {
    return Lists.reverse(keys()).stream().map(this::parse).filter(wanted).findFirst();
  }

  /** One version. */
  public Manifest version(long version) {
    if (version < 1 || home.size(key(version)).isEmpty()) {
      throw DataException.of(
          "no version %d in region %s; versions: %s", version, home.region(), keys());
    }
    return parse(key(version));
  }

  private List<String> keys() {
    return home.list(PREFIX).stream().filter(NAME.asMatchPredicate()).toList();
  }

  /** Appends a manifest under its own number. */
  public Outcome append(Manifest manifest) {
    byte[] json = Json.pretty(manifest);
    String key = key(manifest.version());
    try {
      if (home.putNew(key, json)) {
        return Outcome.COMMITTED;
      }
    } catch (DataException e) {
      if (home.size(key).isEmpty()) {
        throw e;
      }
      return Outcome.UNKNOWN;
    }
    // Whoever was first may have been another process of the same job, with the same bytes.
    return Arrays.equals(read(key), json) ? Outcome.COMMITTED : Outcome.CONFLICT;
  }

  private Manifest parse(String key) {
    Manifest manifest = Manifest.parse(key, read(key));
    if (!key.equals(key(manifest.version()))) {
      throw DataException.of("%s says that it is version %d", key, manifest.version());
    }
    return manifest;
  }

  private byte[] read(String key) {
    return reader
        .readWhole(key, MOST_BYTES)
        .orElseThrow(() -> new MissingBlobException(home.region(), key));
  }
}
