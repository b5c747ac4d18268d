package dev.stillhouse.storage.region;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.region.cache.PieceCache;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads blobs from whichever region has a right copy. What was fetched is verified by the caller's
 * own check before it counts. A copy that is missing, late or damaged is passed over for the next;
 * one that was found damaged is asked last from then on, for it may have been mended, and is told
 * in the ledger. A failure names every region and why.
 */
public final class ReplicaReader {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** Stands for a read whose length is not known before. */
  private static final ImmutableList<ByteRange> SOME = ImmutableList.of(new ByteRange(0, 1 << 20));

  private final ImmutableList<Route> routes;
  private final Optional<PieceCache> cache;
  private final Ledger ledger;
  private final Fetch fetch;
  private final Map<String, DamagedCopy> damaged = new ConcurrentHashMap<>();

  /**
   * A reader of these copies, in order of preference, of the way to which nothing is known.
   *
   * @param ledger books what reads cost
   */
  public ReplicaReader(List<RegionStore> replicas, Ledger ledger) {
    this(replicas, ledger, Ticker.systemTicker(), DEADLINE);
  }

  /**
   * The same with a clock of one's own.
   *
   * @param deadline a copy that has not come by then is late
   */
  public ReplicaReader(
      List<RegionStore> replicas, Ledger ledger, Ticker ticker, Duration deadline) {
    this(Route.unknown(replicas), Optional.empty(), new Fetch(ledger, ticker, deadline), ledger);
  }

  /** A reader that weighs what it would cost to read each copy, by what it knows of its place. */
  public ReplicaReader(List<RegionStore> replicas, Standpoint standpoint, Ledger ledger) {
    this(
        standpoint.routes(replicas),
        standpoint.cache(),
        new Fetch(ledger, Ticker.systemTicker(), DEADLINE),
        ledger);
  }

  private ReplicaReader(
      ImmutableList<Route> routes, Optional<PieceCache> cache, Fetch fetch, Ledger ledger) {
    this.routes = routes;
    this.cache = cache;
    this.fetch = fetch;
    this.ledger = ledger;
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

  /** Something that is tried on one copy after the other. */
  private interface Attempt<T> {
    T on(Route route) throws IOException;
  }

  /** Reads ranges that nothing can be checked against. */
  public List<ByteBuffer> read(String key, List<ByteRange> ranges) {
    return read(key, ranges, bytes -> bytes);
  }

  /** Reads ranges of a blob from the first region whose copy passes {@code check}. */
  public <T> T read(String key, List<ByteRange> ranges, Check<T> check) {
    List<Failure> failures = new ArrayList<>();
    return first(
            key,
            ranges,
            failures,
            route ->
                cache.isPresent()
                    ? cached(cache.get(), route, key, ranges, check)
                    : check.accept(fetch.ranges(route, key, ranges)))
        .orElseThrow(() -> allFailed(key, failures));
  }

  /** What is wrong in the cache is no fault of the region: it is fetched again, once. */
  private <T> T cached(
      PieceCache held, Route route, String key, List<ByteRange> ranges, Check<T> check) {
    long asked = ranges.stream().mapToLong(ByteRange::length).sum();
    for (boolean again = true; ; again = false) {
      AtomicLong fetched = new AtomicLong();
      try {
        return check.accept(
            held.read(
                key,
                ranges,
                missing -> {
                  missing.forEach(range -> fetched.addAndGet(range.length()));
                  return fetch.pieces(route, key, missing);
                }));
      } catch (DamagedBlobException e) {
        held.forget(key, ranges);
        if (!again || fetched.get() >= asked) {
          throw e;
        }
      }
    }
  }

  /**
   * Reads a small blob whole, from the first region that has it.
   *
   * @param most the largest it may be, in bytes
   * @return empty if no region has it
   */
  public Optional<byte[]> readWhole(String key, int most) {
    return readWhole(key, most, bytes -> bytes);
  }

  /** The same, from the first region whose copy passes {@code check}. */
  public <T> Optional<T> readWhole(String key, int most, WholeCheck<T> check) {
    List<Failure> failures = new ArrayList<>();
    Optional<T> found =
        first(
            key,
            SOME,
            failures,
            route -> {
              byte[] whole = fetch.whole(route, key, most);
              try {
                return check.accept(whole);
              } catch (DataException e) {
                noteDamage(route.store(), key, e);
                throw e;
              }
            });
    boolean missing = failures.stream().allMatch(f -> f.reason instanceof MissingBlobException);
    if (found.isEmpty() && !missing) {
      throw allFailed(key, failures);
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
    List<Failure> failures = new ArrayList<>();
    return first(
            key,
            SOME,
            failures,
            route -> {
              try (OutputStream out = Files.newOutputStream(file)) {
                return fetch.to(route, key, sha256, out);
              }
            })
        .orElseThrow(() -> allFailed(key, failures));
  }

  /**
   * Throws if no region has a copy with this sha256; reads it in bounded pieces.
   *
   * @return its length in bytes
   */
  public long check(String key, String sha256) {
    List<Failure> failures = new ArrayList<>();
    return first(
            key,
            SOME,
            failures,
            route -> fetch.to(route, key, sha256, OutputStream.nullOutputStream()))
        .orElseThrow(() -> allFailed(key, failures));
  }

  /**
   * Keys that start with {@code prefix} in any region, sorted: what one has lost another may know.
   * A region that cannot be listed is passed over where another can.
   */
  public List<String> list(String prefix) {
    TreeSet<String> keys = new TreeSet<>();
    List<Failure> failures = new ArrayList<>();
    for (Route route : routes) {
      try {
        keys.addAll(route.store().list(prefix));
      } catch (DataException e) {
        failures.add(new Failure(route.store(), e));
      }
    }
    if (failures.size() == routes.size()) {
      throw allFailed(prefix, failures);
    }
    return List.copyOf(keys);
  }

  private record Failure(RegionStore replica, DataException reason) {
    /** A region that is not there is said to be so, rather than to lack this one blob. */
    String told() {
      String why =
          reason instanceof MissingBlobException
              ? replica.absence().orElse(reason.getMessage())
              : reason.getMessage();
      return replica.region() + ": " + why;
    }
  }

  private <T> Optional<T> first(
      String key, List<ByteRange> ranges, List<Failure> failures, Attempt<T> attempt) {
    for (Route route : inOrder(key, ranges)) {
      RegionStore replica = route.store();
      try {
        return Optional.of(attempt.on(route));
      } catch (Fetch.InterruptedReadException e) {
        throw e;
      } catch (DamagedBlobException e) {
        noteDamage(replica, key, e);
        failures.add(new Failure(replica, e));
      } catch (DataException e) {
        failures.add(new Failure(replica, e));
      } catch (IOException e) {
        throw new DataException("cannot write a copy of " + key + ": " + e.getMessage(), e);
      }
    }
    return Optional.empty();
  }

  /**
   * Those found damaged come last; before them what costs least, as preferred where it is equal.
   */
  private List<Route> inOrder(String key, List<ByteRange> ranges) {
    if (routes.size() == 1) {
      return routes;
    }
    Map<Route, Double> costs = new HashMap<>();
    routes.forEach(route -> costs.put(route, route.cost(ranges)));
    return routes.stream()
        .sorted(
            Comparator.comparing((Route r) -> damaged.containsKey(r.store().region() + "/" + key))
                .thenComparing(costs::get))
        .toList();
  }

  private void noteDamage(RegionStore replica, String key, DataException e) {
    long offset = e instanceof DamagedBlobException d ? d.offset() : 0;
    String reason = e instanceof DamagedBlobException d ? d.reason() : e.getMessage();
    DamagedCopy copy = new DamagedCopy(key, replica.region(), offset, reason);
    damaged.put(copy.region() + "/" + key, copy);
    ledger.met(copy);
  }

  private DataException allFailed(String key, List<Failure> failures) {
    if (routes.size() == 1) {
      return failures.get(0).reason;
    }
    StringBuilder message = new StringBuilder("no region has a right copy of " + key + "; tried:");
    failures.forEach(failure -> message.append("\n  ").append(failure.told()));
    return new DataException(message.toString(), failures.get(0).reason);
  }

  /** Length of a blob's first copy that is there; empty if there is none. */
  public OptionalLong size(String key) {
    List<Failure> failures = new ArrayList<>();
    return first(
            key,
            SOME,
            failures,
            route -> {
              OptionalLong size = route.store().size(key);
              if (size.isEmpty()) {
                throw new MissingBlobException(route.store().region(), key);
              }
              return size;
            })
        .orElse(OptionalLong.empty());
  }
}
