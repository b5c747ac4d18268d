package dev.stillhouse.storage.replica;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.Cancelling;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.RefusedReplicaException;
import dev.stillhouse.storage.store.StoreThreads;
import dev.stillhouse.storage.store.Timers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * Reads blobs from whichever replica is right. The caller's own check verifies what was fetched. A
 * replica that is missing, late or damaged is passed over for the next one. A damaged one is noted
 * in the ledger and asked last from then on, because it may be repaired meanwhile. A region that
 * did not answer comes after the others for a short while. An error names every region and the
 * reason, and comes by the deadline.
 */
public final class ReplicaReader {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** Stands for a read of unknown length. */
  private static final ImmutableList<ByteRange> SOME = ImmutableList.of(new ByteRange(0, 1 << 20));

  private final ReplicaSelector copies;
  private final Fetch fetch;
  private final Optional<CachedReads> cached;
  private final HedgedFetch hedged;
  private final boolean weighsTime;

  /**
   * Creates a reader of these replicas, in order of preference, over unknown links.
   *
   * @param ledger books what reads cost
   */
  public ReplicaReader(List<BlobStore> replicas, Ledger ledger) {
    this(replicas, ReadContext.ANYWHERE, ledger);
  }

  /** Creates a reader that chooses replicas by their cost from its location. */
  public ReplicaReader(List<BlobStore> replicas, ReadContext context, Ledger ledger) {
    this(replicas, context, ledger, Ticker.systemTicker(), DEADLINE);
  }

  /**
   * Creates a reader with another clock.
   *
   * @param deadline of a read, all replicas together, besides a second for each megabyte of each; a
   *     replica that does not answer within its share is late
   */
  public ReplicaReader(
      List<BlobStore> replicas,
      ReadContext context,
      Ledger ledger,
      Ticker ticker,
      Duration deadline) {
    this(replicas, context, ledger, ticker, deadline, Timers.SYSTEM);
  }

  /** Creates a reader whose {@link #fetch} runs in another time, for emulators. */
  public ReplicaReader(
      List<BlobStore> replicas, ReadContext context, Ledger ledger, Timers timers) {
    this(replicas, context, ledger, Ticker.systemTicker(), DEADLINE, timers);
  }

  private ReplicaReader(
      List<BlobStore> replicas,
      ReadContext context,
      Ledger ledger,
      Ticker ticker,
      Duration deadline,
      Timers timers) {
    this.copies = new ReplicaSelector(context.routes(replicas), ledger, ticker);
    this.fetch = new Fetch(ledger, ticker, deadline, replicas.size());
    this.hedged = new HedgedFetch(copies, fetch, timers);
    this.weighsTime = context.policy().perSecond() > 0;
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

  /** Reads ranges without a check. */
  public List<ByteBuffer> read(String key, List<ByteRange> ranges) {
    return read(key, ranges, bytes -> bytes);
  }

  /**
   * Reads ranges of a blob from the first replica that passes {@code check}.
   *
   * @throws DataException if none does
   */
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
   * Begins to fetch a range from the replica that costs least, from the next one where that fails,
   * and from both where it is late, within a budget. The bytes are not checked: a caller that finds
   * them wrong says so by {@link #damaged}. No thread waits, unless a cache is asked first.
   * Cancelling the result ends the request.
   */
  public CompletableFuture<FetchedRange> fetch(String key, ByteRange range) {
    ReadAttempts attempts = new ReadAttempts(key);
    CompletableFuture<FetchedRange> result = new CompletableFuture<>();
    if (cached.isPresent()) {
      CachedReads cache = cached.get();
      Future<?> running =
          StoreThreads.WAITING.submit(
              () -> {
                try {
                  result.complete(new FetchedRange(cache.read(range, attempts), Optional.empty()));
                } catch (Throwable e) { // Errors too: who waits must hear of them.
                  result.completeExceptionally(e);
                }
              });
      Cancelling.pass(result, running);
    } else {
      CompletableFuture<FetchedRange> sent = hedged.fetch(range, attempts);
      Cancelling.pass(result, sent);
      var unused =
          sent.whenComplete(
              (fetched, error) -> {
                if (error == null) {
                  result.complete(fetched);
                } else {
                  result.completeExceptionally(StoreThreads.cause(error));
                }
              });
    }
    return result;
  }

  /**
   * Notes that fetched bytes are wrong: their replica is asked last from then on. Only bytes of one
   * replica say who is to blame.
   *
   * @param together ranges whose bytes were checked together
   */
  public void damaged(String key, List<FetchedRange> together, DamagedBlobException damage) {
    Set<Optional<Replica>> from = new HashSet<>();
    together.forEach(range -> from.add(range.from()));
    if (from.size() == 1) {
      from.iterator()
          .next()
          .ifPresent(route -> copies.failed(route, new ReadAttempts(key), damage));
    }
  }

  /** Returns whether waiting counts, so that a long run of bytes is worth several requests. */
  public boolean weighsTime() {
    return weighsTime;
  }

  /**
   * Reads a small blob whole, from the first replica that has it.
   *
   * @param max its max length, in bytes
   * @return empty if no replica has it
   */
  public Optional<byte[]> readWhole(String key, int max) {
    return readWhole(key, max, bytes -> bytes);
  }

  /**
   * Reads a small blob whole, from the first replica that passes {@code check}.
   *
   * @param max its max length, in bytes
   * @return empty if no replica has it
   */
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
   * Copies a blob into a file, in bounded parts, from the first replica with this sha256.
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
   * Checks that a replica has this sha256, and reads it in bounded parts.
   *
   * @return its length in bytes
   * @throws DataException if none has
   */
  public long check(String key, String sha256) {
    return whole(key, route -> fetch.to(route, key, sha256, OutputStream.nullOutputStream()));
  }

  /** Reads a whole blob of one replica. */
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
   * Returns the keys that start with {@code prefix} in any region, sorted: what one has lost
   * another may have. A region that cannot be listed is passed over if another can.
   */
  public List<String> list(String prefix) {
    return listing(prefix).keys();
  }

  /** Returns the keys that start with {@code prefix}, and why regions were passed over. */
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
   * The keys of all regions together.
   *
   * @param keys sorted
   * @param unreached why a region could not be asked or is unavailable, by region
   * @param regions number of regions that were asked
   */
  public record Listing(
      ImmutableList<String> keys, ImmutableMap<String, String> unreached, int regions) {}

  /** Returns the length of a blob in one region; empty if the region has none. */
  public OptionalLong sizeIn(String region, String key) {
    for (Replica route : copies.routes()) {
      if (route.store().region().equals(region)) {
        return fetch.size(route, key);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Returns the length of a blob in the first replica that has it; empty if every region says that
   * it has none.
   *
   * @throws DataException if no region that could be asked has it, and one could not be asked
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
