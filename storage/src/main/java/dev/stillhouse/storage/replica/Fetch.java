package dev.stillhouse.storage.replica;

import com.google.common.base.Throwables;
import com.google.common.base.Ticker;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.cache.CachedRange;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.HeapLimit;
import dev.stillhouse.storage.store.LateReplicaException;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.NotReachedException.Why;
import dev.stillhouse.storage.store.RefusedReplicaException;
import dev.stillhouse.storage.store.StoreThreads;
import dev.stillhouse.storage.store.Waits;
import dev.stillhouse.storage.topology.ReadPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Reads one replica within its share of a deadline, and books the cost. Each replica gets the same
 * share of a read's deadline, so that the last one is done by then. The bytes themselves get the
 * time that they take at a megabyte a second.
 */
final class Fetch {
  private static final int PIECE_BYTES = 32 << 20;

  /** Answers below this rate are late, in bytes a second. */
  private static final long SLOWEST = 1_000_000;

  private final Ledger ledger;
  private final Ticker ticker;
  private final Duration given;

  /**
   * Creates a fetcher.
   *
   * @param deadline of a read, over all replicas that it tries
   */
  Fetch(Ledger ledger, Ticker ticker, Duration deadline, int copies) {
    this.ledger = ledger;
    this.ticker = ticker;
    this.given = deadline.dividedBy(Math.max(1, copies));
  }

  /** Returns how long one replica may take, besides a second for each megabyte. */
  Duration patience() {
    return given;
  }

  /** The reader's thread was interrupted, so no other replica is tried. */
  static final class InterruptedReadException extends NotReachedException {
    private static final long serialVersionUID = 1;

    InterruptedReadException(String key, Throwable cause) {
      super(Why.UNREACHABLE, "interrupted while reading " + key, cause);
    }
  }

  /** Returns the bytes of ranges, fetched by a plan. */
  List<ByteBuffer> ranges(Replica route, ReadPlan plan, String key, List<ByteRange> ranges) {
    List<ByteBuffer> bytes = requests(route, plan, key);
    return ranges.stream().map(range -> plan.pick(range, bytes)).toList();
  }

  private List<ByteBuffer> ranges(Replica route, String key, ByteRange range) {
    return ranges(route, route.plan(List.of(range)), key, List.of(range));
  }

  /** Returns what the requests of a plan bring, including gaps that are read through. */
  List<CachedRange> cachedRanges(Replica route, ReadPlan plan, String key) {
    List<ByteBuffer> bytes = requests(route, plan, key);
    return IntStream.range(0, bytes.size())
        .mapToObj(i -> new CachedRange(plan.requests().get(i).offset(), bytes.get(i)))
        .toList();
  }

  private List<ByteBuffer> requests(Replica route, ReadPlan plan, String key) {
    int[] order = plan.longestFirst();
    List<ByteRange> sent = Arrays.stream(order).mapToObj(plan.requests()::get).toList();
    long start = ticker.read();
    List<ByteBuffer> came = send(route, key, sent, route.seconds(plan));
    route.observe(plan, seconds(start));
    ByteBuffer[] bytes = new ByteBuffer[order.length];
    for (int i = 0; i < order.length; i++) {
      bytes[order[i]] = came.get(i);
    }
    return Arrays.asList(bytes);
  }

  private List<ByteBuffer> send(
      Replica route, String key, List<ByteRange> ranges, double linkSeconds) {
    long start = ticker.read();
    BlobStore replica = route.store();
    long asked = ranges.stream().mapToLong(ByteRange::length).sum();
    long came = 0; // A request that fails is booked too: a store charges for it.
    try {
      Duration patience = given.plusMillis(asked * 1000 / SLOWEST);
      List<ByteBuffer> bytes = await(replica, key, replica.read(key, ranges), patience);
      came = bytes.stream().mapToLong(ByteBuffer::remaining).sum();
      return checked(key, ranges, bytes);
    } finally {
      int requests = Math.max(1, ranges.size()); // Of no byte: that a blob is there is asked.
      book(route, requests, came, seconds(start), linkSeconds);
    }
  }

  /** Books requests to one replica. */
  void book(Replica route, int requests, long came, double seconds, double linkSeconds) {
    String region = route.store().region();
    double dollars = route.dollars(requests, came);
    ledger.book(Ledger.Entry.read(region, requests, came, seconds, linkSeconds, dollars));
    ledger.bookExtraRequests(region, route.store().drainExtraRequests());
  }

  /** Returns the length of a blob in one replica; empty if there is none. */
  OptionalLong size(Replica route, String key) {
    BlobStore replica = route.store();
    long start = ticker.read();
    try {
      return await(replica, key, StoreThreads.WAITING.submit(() -> replica.size(key)), given);
    } finally {
      String region = replica.region();
      ledger.book(Ledger.Entry.head(region, seconds(start), route.dollars(1, 0)));
      ledger.bookExtraRequests(region, replica.drainExtraRequests());
    }
  }

  /** Returns the keys of a region that start with {@code prefix}. */
  List<String> list(Replica route, String prefix) {
    BlobStore replica = route.store();
    long start = ticker.read();
    try {
      return await(replica, prefix, StoreThreads.WAITING.submit(() -> replica.list(prefix)), given);
    } finally {
      ledger.book(Ledger.Entry.list(replica.region(), seconds(start)));
      ledger.bookExtraRequests(replica.region(), replica.drainExtraRequests());
    }
  }

  private double seconds(long start) {
    return (ticker.read() - start) / 1e9;
  }

  private static String waitsFor(BlobStore replica, String key, Duration given) {
    return key + " in region " + replica.region() + " (given " + given.toSeconds() + " s)";
  }

  private static <T> T await(BlobStore replica, String key, Future<T> pending, Duration given) {
    try (Waits.Wait wait = Waits.OF_PROCESS.on(waitsFor(replica, key, given))) {
      return pending.get(given.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable why = failure(key, StoreThreads.cause(e));
      Throwables.throwIfUnchecked(why);
      throw new AssertionError(why);
    } catch (CancellationException e) {
      throw new NotReachedException(Why.UNREACHABLE, key + ": the read was cancelled", e);
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw new LateReplicaException(replica.region(), key, given);
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedReadException(key, e);
    }
  }

  /**
   * Returns a store's failure. One that says nothing of the blob means that the store was not
   * reached.
   */
  private static Throwable failure(String key, Throwable error) {
    if (error instanceof DamagedBlobException
        || error instanceof MissingBlobException
        || error instanceof NotReachedException
        || error instanceof Error) {
      return error;
    }
    String told = error instanceof DataException ours ? ours.getMessage() : key + ": " + error;
    return new NotReachedException(Why.UNREACHABLE, told, error);
  }

  /** Returns the buffers, if each range came in its length: a store may answer anything. */
  private static List<ByteBuffer> checked(
      String key, List<ByteRange> ranges, List<ByteBuffer> bytes) {
    if (bytes.size() != ranges.size()) {
      throw new NotReachedException(
          Why.UNREACHABLE,
          key + ": " + ranges.size() + " ranges were asked for, " + bytes.size() + " came",
          null);
    }
    for (int i = 0; i < ranges.size(); i++) {
      if (bytes.get(i).remaining() != ranges.get(i).length()) {
        throw new DamagedBlobException(
            key,
            ranges.get(i).offset(),
            bytes.get(i).remaining() + " bytes came instead of " + ranges.get(i).length());
      }
    }
    return bytes;
  }

  byte[] whole(Replica route, String key, int max) {
    BlobStore replica = route.store();
    long size = there(route, key);
    if (size > max) {
      throw new RefusedReplicaException(
          DataException.of(
              "%s in region %s has %d bytes, the limit is %d", key, replica.region(), size, max));
    }
    HeapLimit.checkWhole(key + " in region " + replica.region(), size);
    ByteBuffer bytes = ranges(route, key, new ByteRange(0, (int) size)).get(0);
    byte[] whole = new byte[bytes.remaining()];
    bytes.get(whole);
    return whole;
  }

  /**
   * Writes a blob of one replica to {@code out}.
   *
   * @throws DamagedBlobException if its sha256 differs
   */
  long to(Replica route, String key, String sha256, OutputStream out) throws IOException {
    long size = there(route, key);
    Hasher hasher = Hashing.sha256().newHasher();
    for (long at = 0; at < size; at += PIECE_BYTES) {
      int length = (int) Math.min(PIECE_BYTES, size - at);
      ByteBuffer cachedRange = ranges(route, key, new ByteRange(at, length)).get(0);
      hasher.putBytes(cachedRange.duplicate());
      out.write(
          cachedRange.array(),
          cachedRange.arrayOffset() + cachedRange.position(),
          cachedRange.remaining());
    }
    String found = hasher.hash().toString();
    if (!found.equals(sha256)) {
      throw new DamagedBlobException(key, 0, "sha256 is " + found + ", need " + sha256);
    }
    return size;
  }

  private long there(Replica route, String key) {
    return size(route, key)
        .orElseThrow(() -> new MissingBlobException(route.store().region(), key));
  }
}
