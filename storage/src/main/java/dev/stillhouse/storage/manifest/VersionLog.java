package dev.stillhouse.storage.manifest;

import com.google.common.math.LongMath;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.NotReachedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbered, immutable JSON records below one prefix of the home region; the newest counts. A
 * version is appended by putting a blob that must not exist yet: the store decides which writer is
 * first.
 *
 * @param <T> type of a version
 */
final class VersionLog<T> {
  private static final Logger LOG = LoggerFactory.getLogger(VersionLog.class);
  private static final int ATTEMPTS = 3;

  private final BlobStore home;
  private final ReplicaReader reader;
  private final Grammar<T> grammar;
  private final Pattern name;

  /**
   * The grammar of a version.
   *
   * @param <T> type of a version
   */
  interface Grammar<T> {
    /** Returns the kind of the versions' blobs. */
    BlobKind kind();

    /** Returns the max bytes of a version. */
    int maxBytes();

    /** Returns the bytes of a version's blob. Blobs that it names are put first. */
    default byte[] write(T version) {
      return Json.record(version);
    }

    /**
     * Reads and checks a version.
     *
     * @throws DataException if it is wrong; it names the blob
     */
    T parse(String blob, byte[] json);

    /** Returns the number that a version gives itself. */
    long number(T version);
  }

  VersionLog(BlobStore home, ReplicaReader reader, Grammar<T> grammar) {
    this.home = home;
    this.reader = reader;
    this.grammar = grammar;
    // A number that no long holds is no version's: names come from outside.
    this.name = Pattern.compile(Pattern.quote(grammar.kind().folder()) + "v(00[0-9]{18})\\.json");
  }

  /** Returns the key of a version. */
  String key(long version) {
    return grammar.kind().key(version);
  }

  /** Returns the keys of all versions that any region of the reader has, oldest first. */
  List<String> keys() {
    return keys(reader.listing(grammar.kind().folder()));
  }

  /**
   * Returns the listed versions, and those that follow in home: a list may lag behind a put, a HEAD
   * request does not.
   */
  private List<String> keys(ReplicaReader.Listing listing) {
    List<String> keys =
        new ArrayList<>(listing.keys().stream().filter(name.asMatchPredicate()).toList());
    if (listing.unreached().containsKey(home.region())) {
      return keys;
    }
    String next = keys.isEmpty() ? key(1) : after(keys.get(keys.size() - 1));
    try {
      while (reader.sizeIn(home.region(), next).isPresent()) {
        keys.add(next);
        next = after(next);
      }
    } catch (NotReachedException e) {
      if (keys.isEmpty()) {
        throw e; // Not "no dataset here": perhaps there is one.
      }
      LOG.warn("what is listed counts; whether {} is there is not known: {}", next, e.getMessage());
    }
    return keys;
  }

  private String after(String key) {
    Matcher matcher = name.matcher(key);
    return key(matcher.matches() ? LongMath.saturatedAdd(Long.parseLong(matcher.group(1)), 1) : 1);
  }

  /**
   * Returns the newest version, or nothing if there is none. If home cannot be reached it is the
   * newest that another region has, with a warning.
   *
   * @throws DataException if there is none, and a region that was not reached may have one
   */
  Optional<T> latest() {
    ReplicaReader.Listing listing = reader.listing(grammar.kind().folder());
    List<String> keys = keys(listing);
    String away = listing.unreached().get(home.region());
    if (keys.isEmpty()) {
      if (listing.regions() > 1 && away != null) {
        throw DataException.of(
            "region %s could not be reached (%s), and no other region that is known has a version;"
                + " not reached: %s",
            home.region(), away, listing.unreached().keySet());
      }
      return Optional.empty();
    }
    String newest = keys.get(keys.size() - 1);
    if (away != null) {
      LOG.warn(
          "region {} could not be reached ({}); {} is the newest version that another has",
          home.region(),
          away,
          newest);
    }
    return Optional.of(read(newest));
  }

  /**
   * Returns one version.
   *
   * @throws DataException if there is none of this number, or none can be read
   */
  T version(long version) {
    List<String> keys = keys();
    if (!keys.contains(key(version)) && reader.size(key(version)).isEmpty()) {
      throw DataException.of(
          "no version %d in region %s; versions: %s", version, home.region(), keys);
    }
    return read(key(version));
  }

  /**
   * Appends a version under its own number. If home failed, its blob of that number decides. If
   * that is nothing, or cannot be read, the outcome is unknown: the put may still happen.
   *
   * @param doubts gets the reason of an unknown outcome
   */
  CommitOutcome append(T version, Consumer<DataException> doubts) {
    byte[] json;
    String key = key(grammar.number(version));
    DataException doubt = new MissingBlobException(home.region(), key);
    try {
      json = grammar.write(version);
    } catch (DataException e) {
      doubts.accept(e);
      return CommitOutcome.UNKNOWN; // Not by this call, but by an earlier one perhaps.
    }
    home.provePutIfAbsent();
    try {
      if (home.putIfAbsent(key, json)) {
        return CommitOutcome.COMMITTED;
      }
    } catch (DataException e) {
      doubt = e;
    }
    try {
      // Who was first may have been this very process, whose answer was lost, or another one of
      // the same job, with the same content.
      Optional<byte[]> there = reader.readWhole(key, grammar.maxBytes());
      if (there.isPresent()) {
        return same(key, there.get(), json) ? CommitOutcome.COMMITTED : CommitOutcome.CONFLICT;
      }
    } catch (DataException e) {
      doubt.addSuppressed(e);
    }
    doubts.accept(doubt);
    return CommitOutcome.UNKNOWN;
  }

  private static boolean same(String key, byte[] there, byte[] json) {
    try {
      return Json.sameRecord(key, there, json);
    } catch (DataException e) {
      LOG.warn("{}", e.getMessage()); // Damaged, thus not what was to be put.
      return false;
    }
  }

  /**
   * Appends a version, several times if the outcome is unknown.
   *
   * @return never {@link CommitOutcome#UNKNOWN}
   * @throws DataException if it stays unknown, with the reason
   */
  CommitOutcome settle(T version) {
    List<DataException> doubts = new ArrayList<>();
    for (int i = 0; i < ATTEMPTS; i++) {
      CommitOutcome outcome = append(version, doubts::add);
      if (outcome != CommitOutcome.UNKNOWN) {
        return outcome;
      }
    }
    DataException last = doubts.get(doubts.size() - 1);
    throw new DataException(
        "it is not known whether "
            + key(grammar.number(version))
            + " was committed; do the same again to settle it. "
            + last.getMessage(),
        last);
  }

  /** Returns the version of a key, from the first region whose copy can be read. */
  T read(String key) {
    return reader
        .readWhole(key, grammar.maxBytes(), json -> parse(key, json))
        .orElseThrow(() -> new MissingBlobException(home.region(), key));
  }

  /** Returns the bytes of a key, from the first region whose copy can be read. */
  byte[] bytes(String key) {
    return reader
        .readWhole(
            key,
            grammar.maxBytes(),
            json -> {
              parse(key, json);
              return json;
            })
        .orElseThrow(() -> new MissingBlobException(home.region(), key));
  }

  /** Reads and checks one copy. */
  T parse(String key, byte[] json) {
    T version = grammar.parse(key, json);
    if (!key.equals(key(grammar.number(version)))) {
      throw DataException.of("%s says that it is version %d", key, grammar.number(version));
    }
    return version;
  }
}
