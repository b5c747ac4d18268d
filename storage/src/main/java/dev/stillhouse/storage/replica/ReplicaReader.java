package dev.stillhouse.storage.replica;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.RefusedReplicaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Reads blobs from whichever region has a right copy. What was fetched is verified by the caller's
 * own check before it counts. A copy that is missing, late or damaged is passed over for the next;
 * one that was found damaged is asked last from then on, for it may have been mended, and is told
 * in the ledger; a region that did not answer is put behind the others for a short while. A failure
 * names every region and why, and comes by the deadline.
 */
public final class ReplicaReader {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** Stands for a read whose length is not known before. */
  private static final ImmutableList<ByteRange> SOME = ImmutableList.of(new ByteRange(0, 1 << 20));

  private final ReplicaSelector copies;
  private final Fetch fetch;
  private final Optional<CachedReads> cached;

  /**
   * A reader of these copies, in order of preference, of the way to which nothing is known.
   *
   * @param ledger books what reads cost
   */
  public ReplicaReader(List<BlobStore> replicas, Ledger ledger) {
    this(replicas, ReadContext.ANYWHERE, ledger);
  }

  /** A reader that weighs what it would cost to read each copy, by what it knows of its place. */
  public ReplicaReader(List<BlobStore> replicas, ReadContext context, Ledger ledger) {
    this(replicas, context, ledger, Ticker.systemTicker(), DEADLINE);
  }

  /**
   * The same with a clock of one's own.
   *
   * @param deadline of a read, all copies together, besides a second for each megabyte of each; a
   *     copy that has not come within its part of it is late
   */
  public ReplicaReader(
      List<BlobStore> replicas,
      ReadContext context,
      Ledger ledger,
      Ticker ticker,
      Duration deadline) {
    this.copies = new ReplicaSelector(context.routes(replicas), ledger, ticker);
    this.fetch = new Fetch(ledger, ticker, deadline, replicas.size());
    this.cached = context.cache().map(cache -> new CachedReads(cache, copies, fetch));
  }

  /**
   * Turns fetched bytes into a value.
   *
   * @param <T> of the value
   */
  public interface Check<T> {
    /** Throws {@link DamagedBlobException} if the bytes are not what they must be. */
    T accept(List<ByteBuffer> bytes);
  }

  /**
   * Turns a whole blob into a value.
   *
   * @param <T> of the value
   */
  public interface WholeCheck<T> {
    /** Throws any {@link DataException} if the bytes are not what they must be. */
    T accept(byte[] bytes);
  }

  /** Reads ranges that nothing can be checked against. */
  public List<ByteBuffer> read(String key, List<ByteRange> ranges) {
    return read(key, ranges, bytes -> bytes);
  }

  /** Reads ranges of a blob from the first region whose copy passes {@code check}. */
  public <T> T read(String key, List<ByteRange> ranges, Check<T> check) {
    ReadAttempts attempts = new ReadAttempts(key);
    return cached
        .flatMap(cache -> cache.read(ranges, attempts, check))
        .or(
            () ->
                copies.first(
                    ranges,
                    attempts,
                    choice ->
                        check.accept(fetch.ranges(choice.route(), choice.plan(), key, ranges))))
        .orElseThrow(attempts::allFailed);
  }

  /**
   * Reads a small blob whole, from the first region that has it.
   *
   * @param max the largest it may be, in bytes
   * @return empty if no region has it
   */
  public Optional<byte[]> readWhole(String key, int max) {
    return readWhole(key, max, bytes -> bytes);
  }

  /** The same, from the first region whose copy passes {@code check}. */
  public <T> Optional<T> readWhole(String key, int max, WholeCheck<T> check) {
    ReadAttempts attempts = new ReadAttempts(key);
    Optional<T> found =
        copies.first(
            SOME,
            attempts,
            choice -> {
              byte[] whole = fetch.whole(choice.route(), key, max);
              try {
                return check.accept(whole);
              } catch (DamagedBlobException e) {
                throw e;
              } catch (DataException e) {
                throw new RefusedReplicaException(e);
              }
            });
    if (found.isEmpty() && !attempts.missingEverywhere()) {
      throw attempts.allFailed();
    }
    return found;
  }

  /**
   * Brings a blob into a file, in bounded pieces, from the first region whose copy has this sha256.
   *
   * @param sha256 64 hex digits
   * @return its length in bytes
   */
  public long readTo(String key, String sha256, Path file) {
    return whole(
        key,
        route -> {
          try (OutputStream out = Files.newOutputStream(file)) {
            return fetch.to(route, key, sha256, out);
          }
        });
  }

  /**
   * Throws if no region has a copy with this sha256; reads it in bounded pieces.
   *
   * @return its length in bytes
   */
  public long check(String key, String sha256) {
    return whole(key, route -> fetch.to(route, key, sha256, OutputStream.nullOutputStream()));
  }

  /** Reads all of a copy. */
  private interface Whole {
    long of(Replica route) throws IOException;
  }

  private long whole(String key, Whole read) {
    ReadAttempts attempts = new ReadAttempts(key);
    return copies
        .first(SOME, attempts, choice -> read.of(choice.route()))
        .orElseThrow(attempts::allFailed);
  }

  /**
   * Keys that start with {@code prefix} in any region, sorted: what one has lost another may know.
   * A region that cannot be listed is passed over where another can.
   */
  public List<String> list(String prefix) {
    return listing(prefix).keys();
  }

  /** The same, with why regions were passed over. */
  public Listing listing(String prefix) {
    TreeSet<String> keys = new TreeSet<>();
    Map<String, String> unreached = new LinkedHashMap<>();
    ReadAttempts attempts = new ReadAttempts(prefix);
    for (Replica route : copies.routes()) {
      BlobStore store = route.store();
      try {
        List<String> found = fetch.list(route, prefix);
        keys.addAll(found);
        if (found.isEmpty()
            && copies.routes().size() > 1) { // A lone region's caller sees for itself.
          store.unavailableReason().ifPresent(why -> unreached.put(store.region(), why));
        }
      } catch (Fetch.InterruptedReadException e) {
        throw e;
      } catch (DataException e) {
        unreached.put(store.region(), e.getMessage());
        copies.failed(route, attempts, e);
      }
    }
    if (attempts.failures() == copies.routes().size()) {
      throw attempts.allFailed();
    }
    return new Listing(
        ImmutableList.copyOf(keys), ImmutableMap.copyOf(unreached), copies.routes().size());
  }

  /**
   * What regions know together.
   *
   * @param keys sorted
   * @param unreached why a region could not be asked or is not there at all, by region
   * @param regions how many were asked
   */
  public record Listing(
      ImmutableList<String> keys, ImmutableMap<String, String> unreached, int regions) {}

  /** Length of one region's copy of a blob; empty if it has none. */
  public OptionalLong sizeIn(String region, String key) {
    for (Replica route : copies.routes()) {
      if (route.store().region().equals(region)) {
        return fetch.size(route, key);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Length of a blob's first copy that is there; empty if every region says that it has none.
   *
   * @throws DataException if no region has it that could be asked, and one could not
   */
  public OptionalLong size(String key) {
    ReadAttempts attempts = new ReadAttempts(key);
    OptionalLong found =
        copies
            .first(
                SOME,
                attempts,
                choice -> {
                  OptionalLong size = fetch.size(choice.route(), key);
                  if (size.isEmpty()) {
                    throw new MissingBlobException(choice.route().store().region(), key);
                  }
                  return size;
                })
            .orElse(OptionalLong.empty());
    if (found.isEmpty() && !attempts.missingEverywhere()) {
      throw attempts.allFailed();
    }
    return found;
  }
}
