package dev.stillhouse.storage.region;

import com.google.common.base.Ticker;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.region.cache.Piece;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Reads one copy: waits no longer than the deadline, and books what it cost. */
final class Fetch {
  private static final int PIECE_BYTES = 32 << 20;

  private final Ledger ledger;
  private final Ticker ticker;
  private final Duration deadline;

  Fetch(Ledger ledger, Ticker ticker, Duration deadline) {
    this.ledger = ledger;
    this.ticker = ticker;
    this.deadline = deadline;
  }

  /** The reader's thread was interrupted: no other copy is tried. */
  static final class InterruptedReadException extends DataException {
    private static final long serialVersionUID = 1;

    InterruptedReadException(String key, Throwable cause) {
      super("interrupted while reading " + key, cause);
    }
  }

  /** The bytes of ranges. */
  List<ByteBuffer> ranges(Route route, String key, List<ByteRange> ranges) {
    ReadPlan plan = route.plan(ranges);
    List<ByteBuffer> bytes = requests(route, key, plan);
    return ranges.stream().map(range -> plan.pick(range, bytes)).toList();
  }

  /** What requests bring that hold all of some ranges, gaps that are read through among it. */
  List<Piece> pieces(Route route, String key, List<ByteRange> ranges) {
    ReadPlan plan = route.plan(ranges);
    List<ByteBuffer> bytes = requests(route, key, plan);
    return IntStream.range(0, bytes.size())
        .mapToObj(i -> new Piece(plan.requests().get(i).offset(), bytes.get(i)))
        .toList();
  }

  private List<ByteBuffer> requests(Route route, String key, ReadPlan plan) {
    int[] order = plan.longestFirst();
    List<ByteRange> sent = Arrays.stream(order).mapToObj(plan.requests()::get).toList();
    long start = ticker.read();
    List<ByteBuffer> came = send(route, key, sent, route.seconds(plan));
    route.observe(plan, (ticker.read() - start) / 1e9);
    ByteBuffer[] bytes = new ByteBuffer[order.length];
    for (int i = 0; i < order.length; i++) {
      bytes[order[i]] = came.get(i);
    }
    return Arrays.asList(bytes);
  }

  private List<ByteBuffer> send(
      Route route, String key, List<ByteRange> ranges, double linkSeconds) {
    long start = ticker.read();
    RegionStore replica = route.store();
    CompletableFuture<List<ByteBuffer>> pending = replica.read(key, ranges);
    long came = 0; // A request that fails is booked too: a store charges for it.
    try {
      List<ByteBuffer> bytes = pending.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
      came = bytes.stream().mapToLong(ByteBuffer::remaining).sum();
      return checked(key, ranges, bytes);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DataException cause) {
        throw cause;
      }
      throw new DataException(key + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw DataException.of("no answer within %d ms", deadline.toMillis());
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedReadException(key, e);
    } finally {
      int requests = Math.max(1, ranges.size()); // Of no byte: that a blob is there is asked.
      ledger.book(
          new Ledger.Entry(
              replica.region(),
              requests,
              came,
              (ticker.read() - start) / 1e9,
              linkSeconds,
              route.dollars(requests, came),
              0,
              0));
    }
  }

  /** A store may answer anything: each range must have come, in its length. */
  private static List<ByteBuffer> checked(
      String key, List<ByteRange> ranges, List<ByteBuffer> bytes) {
    if (bytes.size() != ranges.size()) {
      throw DataException.of(
          "%s: %d ranges were asked for, %d came", key, ranges.size(), bytes.size());
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

  byte[] whole(Route route, String key, int most) {
    RegionStore replica = route.store();
    long size = size(replica, key);
    if (size > most) {
      throw DataException.of(
          "%s in region %s has %d bytes, the limit is %d", key, replica.region(), size, most);
    }
    ByteBuffer bytes = ranges(route, key, List.of(new ByteRange(0, (int) size))).get(0);
    byte[] whole = new byte[bytes.remaining()];
    bytes.get(whole);
    return whole;
  }

  /** Writes a copy to {@code out}; a sha256 that is another says that the copy is damaged. */
  long to(Route route, String key, String sha256, OutputStream out) throws IOException {
    long size = size(route.store(), key);
    Hasher hasher = Hashing.sha256().newHasher();
    for (long at = 0; at < size; at += PIECE_BYTES) {
      int length = (int) Math.min(PIECE_BYTES, size - at);
      ByteBuffer piece = ranges(route, key, List.of(new ByteRange(at, length))).get(0);
      hasher.putBytes(piece.duplicate());
      out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
    }
    String found = hasher.hash().toString();
    if (!found.equals(sha256)) {
      throw new DamagedBlobException(key, 0, "sha256 is " + found + ", need " + sha256);
    }
    return size;
  }

  private static long size(RegionStore replica, String key) {
    return replica.size(key).orElseThrow(() -> new MissingBlobException(replica.region(), key));
  }
}
