package dev.stillhouse.storage.manifest;

import com.google.common.collect.Lists;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbered versions of a dataset. They are committed in its home region. A version that home
 * has lost is read from another region; a replica never has a version that home did not have.
 */
public final class ManifestLog {
  public static final int MAX_BYTES = 1 << 30;
  private static final Logger LOG = LoggerFactory.getLogger(ManifestLog.class);

  private final VersionLog<Manifest> versions;
  private final ReplicaReader reader;
  private final ManifestGrammar grammar;

  /** Creates the log of the dataset in {@code home}; reads go through {@code reader}. */
  public ManifestLog(BlobStore home, ReplicaReader reader) {
    this.reader = reader;
    this.grammar = new ManifestGrammar(new ShardListBlobs(home, reader));
    this.versions = new VersionLog<>(home, reader, grammar);
  }

  /** Returns the key of a version. */
  public static String key(long version) {
    return BlobKind.MANIFEST.key(version);
  }

  /** Returns the number in the key of a version; empty for every other key. */
  public static OptionalLong number(String key) {
    return BlobKind.MANIFEST.name(key).stream()
        .mapToLong(name -> Long.parseLong(name, 1, name.length(), 10))
        .findFirst();
  }

  /** Returns the keys of all versions, oldest first. */
  public List<String> keys() {
    return versions.keys();
  }

  /** Returns the newest version, or nothing if there is none. */
  public Optional<Manifest> latest() {
    return versions.latest();
  }

  /** Returns the newest version for which the condition holds, or nothing if there is none. */
  public Optional<Manifest> newest(Predicate<Manifest> wanted) {
    return Lists.reverse(keys()).stream().map(this::read).filter(wanted).findFirst();
  }

  /**
   * Returns one version.
   *
   * @throws DataException if there is none of this number, or none can be read
   */
  public Manifest version(long version) {
    return versions.version(version);
  }

  /** Returns the version of a key, from the first region whose copy can be read. */
  public Manifest read(String key) {
    return versions.read(key);
  }

  /**
   * Returns the blobs that list the shards of a version, even if they are missing; none if the
   * shards stand in the manifest. The first copy that is a manifest decides.
   */
  public List<ListRecord> lists(String key) {
    return reader
        .readWhole(key, MAX_BYTES, json -> ManifestGrammar.lists(key, json))
        .orElse(List.of());
  }

  /** Returns the bytes of a version, from the first region whose copy can be read. */
  public byte[] bytes(String key) {
    return versions.bytes(key);
  }

  /**
   * Reads and checks one copy of a version, with the lists that it names from any region.
   *
   * @throws DataException if it is wrong
   */
  public Manifest parse(String key, byte[] json) {
    return versions.parse(key, json);
  }

  /**
   * Puts the lists of shards that a manifest names, so that they can be copied elsewhere before it
   * is appended. Appending puts them as well.
   */
  public void prepare(Manifest manifest) {
    byte[] unused = grammar.write(manifest);
  }

  /**
   * Appends a manifest under its own number. An unknown outcome is settled by appending this very
   * manifest again; under another number it might be there twice.
   */
  public CommitOutcome append(Manifest manifest) {
    return versions.append(
        manifest, doubt -> LOG.warn("version {}: {}", manifest.version(), doubt.getMessage()));
  }

  /**
   * Appends a manifest under its own number, several times if the outcome is unknown.
   *
   * @return committed or conflict
   * @throws DataException if it stays unknown, with the reason
   */
  public CommitOutcome settle(Manifest manifest) {
    return versions.settle(manifest);
  }
}
