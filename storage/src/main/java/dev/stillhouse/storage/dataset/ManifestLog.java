package dev.stillhouse.storage.dataset;

import com.google.common.collect.Lists;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.ReplicaReader;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The numbered versions of a dataset. They are committed in its home region; what home has lost is
 * found in another region of the reader, since a replica never knows a version that home did not.
 */
public final class ManifestLog {
  static final int MOST_BYTES = 1 << 30;

  private final VersionLog<Manifest> versions;

  /** What became of an append. */
  public enum Outcome {
    /** The version is there, with these very bytes. */
    COMMITTED,
    /** Another manifest has this number. */
    CONFLICT,
    /** The store failed in between; append again to settle it. */
    UNKNOWN
  }

  /** The log of the dataset in {@code home}; reads go through {@code reader}. */
  public ManifestLog(RegionStore home, ReplicaReader reader) {
    this.versions = new VersionLog<>(home, reader, new Manifests());
  }

  private static final class Manifests implements VersionLog.Grammar<Manifest> {
    @Override
    public String prefix() {
      return "manifests/";
    }

    @Override
    public int mostBytes() {
      return MOST_BYTES;
    }

    @Override
    public Manifest parse(String blob, byte[] json) {
      return Manifest.parse(blob, json);
    }

    @Override
    public long number(Manifest manifest) {
      return manifest.version();
    }
  }

  /** Key of a version. */
  public static String key(long version) {
    return String.format(Locale.ROOT, "manifests/v%020d.json", version);
  }

  /** Keys of all versions, oldest first. */
  public List<String> keys() {
    return versions.keys();
  }

  /** The newest version, if there is any. */
  public Optional<Manifest> latest() {
    return versions.latest();
  }

  /** The newest version that is wanted, if there is any. */
  public Optional<Manifest> newest(Predicate<Manifest> wanted) {
    return Lists.reverse(keys()).stream().map(this::read).filter(wanted).findFirst();
  }

  /** One version. */
  public Manifest version(long version) {
    return versions.version(version);
  }

  /** The version of a key, from the first region whose copy can be read. */
  public Manifest read(String key) {
    return versions.read(key);
  }

  /** The bytes of a version, from the first region whose copy can be read. */
  public byte[] bytes(String key) {
    return versions.bytes(key);
  }

  /** Reads and checks one copy of a version; what is wrong with it is a DataException. */
  public Manifest parse(String key, byte[] json) {
    return versions.parse(key, json);
  }

  /** Appends a manifest under its own number. */
  public Outcome append(Manifest manifest) {
    return switch (versions.append(manifest)) {
      case COMMITTED -> Outcome.COMMITTED;
      case CONFLICT -> Outcome.CONFLICT;
      case UNKNOWN -> Outcome.UNKNOWN;
    };
  }
}
