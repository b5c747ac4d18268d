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
 * The numbered versions of a dataset. They are committed in its home region; what home has lost is
 * found in another region of the reader, since a replica never knows a version that home did not.
 */
public final class ManifestLog {
  public static final int MAX_BYTES = 1 << 30;
  private static final Logger LOG = LoggerFactory.getLogger(ManifestLog.class);

  private final VersionLog<Manifest> versions;
  private final ReplicaReader reader;
  private final ManifestGrammar grammar;

  /** The log of the dataset in {@code home}; reads go through {@code reader}. */
  public ManifestLog(BlobStore home, ReplicaReader reader) {
    this.reader = reader;
    this.grammar = new ManifestGrammar(new ShardListBlobs(home, reader));
    this.versions = new VersionLog<>(home, reader, grammar);
  }

  /** Key of a version. */
  public static String key(long version) {
    return BlobKind.MANIFEST.key(version);
  }

  /** The number in the key of a version; empty for every other key. */
  public static OptionalLong number(String key) {
    return BlobKind.MANIFEST.name(key).stream()
        .mapToLong(name -> Long.parseLong(name, 1, name.length(), 10))
        .findFirst();
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

  /**
   * The blobs that list the shards of a version, as the first copy of it says that is a manifest at
   * all, even if they are not there; none where its shards stand in itself.
   */
  public List<ListRecord> lists(String key) {
    return reader
        .readWhole(key, MAX_BYTES, json -> ManifestGrammar.lists(key, json))
        .orElse(List.of());
  }

  /** The bytes of a version, from the first region whose copy can be read. */
  public byte[] bytes(String key) {
    return versions.bytes(key);
  }

  /**
   * Reads and checks one copy of a version, with the lists that it names from any region; what is
   * wrong with it is a DataException.
   */
  public Manifest parse(String key, byte[] json) {
    return versions.parse(key, json);
  }

  /**
   * Puts the blobs that a manifest names which are there for its own sake, the lists of its shards:
   * so they can be brought elsewhere before it is appended, which puts them as well.
   */
  public void prepare(Manifest manifest) {
    byte[] unused = grammar.write(manifest);
  }

  /**
   * Appends a manifest under its own number. What is unknown is settled by appending this very
   * manifest again; under another number it might be there twice.
   */
  public CommitOutcome append(Manifest manifest) {
    return versions.append(
        manifest, doubt -> LOG.warn("version {}: {}", manifest.version(), doubt.getMessage()));
  }

  /**
   * Appends a manifest under its own number, some times if the outcome is unknown.
   *
   * @return committed or conflict
   * @throws DataException if it stays unknown, with the reason
   */
  public CommitOutcome settle(Manifest manifest) {
    return versions.settle(manifest);
  }
}
