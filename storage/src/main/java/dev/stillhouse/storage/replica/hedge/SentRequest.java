package dev.stillhouse.storage.replica.hedge;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.hedge.HedgedReads.End;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Tried;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.CountedRead;
import dev.stillhouse.storage.store.LateReplicaException;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.NotReachedException.Why;
import dev.stillhouse.storage.store.StoreThreads;
import dev.stillhouse.storage.store.UnreadableBlobException.Failure;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request of a read. Guarded by the lock of all reads, but for {@link #sent}. */
final class SentRequest {
  private static final double NANOS = 1e9;

  final int candidate;
  final BlobStore store;
  private final long since;
  private @Nullable CompletableFuture<List<ByteBuffer>> future;
  private long crossed;
  private double seconds;
  private End end = End.CANCELLED;
  private boolean ended;
  private boolean booked;
  private @Nullable DataException reason;

  SentRequest(int candidate, BlobStore store, long since) {
    this.candidate = candidate;
    this.store = store;
    this.since = since;
  }

  /** Sends a request; an error is in the result. */
  CompletableFuture<List<ByteBuffer>> sent(String key, ByteRange range) {
    try {
      return store.read(key, List.of(range));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Keeps the result; returns whether it is still needed. */
  boolean keep(CompletableFuture<List<ByteBuffer>> result) {
    future = result;
    return !ended;
  }

  /** Records that it is not needed; returns what has crossed. */
  long cancel(long now, long asked) {
    end(End.CANCELLED, future == null ? 0 : CountedRead.crossed(future, asked), now);
    return crossed;
  }

  /** Ends the transfer. Called outside of the lock. */
  static void stop(@Nullable CompletableFuture<?> future) {
    if (future != null) {
      future.cancel(true);
    }
  }

  @Nullable CompletableFuture<List<ByteBuffer>> future() {
    return future;
  }

  void taken(long now, long length) {
    end(End.TAKEN, length, now);
  }

  void failed(long now, DataException why) {
    reason = why;
    end(End.FAILED, future == null ? 0 : CountedRead.crossed(future, 0), now);
  }

  private void end(End how, long bytes, long now) {
    if (!ended) {
      ended = true;
      end = how;
      crossed = bytes;
      seconds = (now - since) / NANOS;
    }
  }

  Tried tried() {
    return new Tried(candidate, store, seconds, crossed, end);
  }

  /** Returns whether it has ended and was not booked before; it counts as booked from now on. */
  boolean toBook() {
    boolean first = ended && !booked;
    booked |= ended;
    return first;
  }

  Optional<DataException> reason() {
    return Optional.ofNullable(reason);
  }

  Failure failure(String key) {
    DataException why = reason;
    return new Failure(
        store,
        why != null
            ? why
            : new LateReplicaException(
                store.region(), key, Duration.ofNanos((long) (seconds * NANOS))));
  }

  /** Returns the one buffer, if it came in its length: a store may answer anything. */
  static ByteBuffer checked(
      String key, ByteRange range, List<ByteBuffer> came, HedgedReads.Check check) {
    if (came.size() != 1 || came.get(0).remaining() != range.length()) {
      long bytes = came.stream().mapToLong(ByteBuffer::remaining).sum();
      throw new DamagedBlobException(
          key, range.offset(), bytes + " bytes came instead of " + range.length());
    }
    check.accept(came.get(0).duplicate());
    return came.get(0);
  }

  /** Returns a failure for people; one that says nothing of the blob is that no answer came. */
  static DataException reason(String key, Throwable error) {
    Throwable cause = StoreThreads.cause(error);
    return cause instanceof DataException ours
        ? ours
        : new NotReachedException(Why.UNREACHABLE, key + ": " + cause, cause);
  }

  /** Returns whether a region answered, although the answer is of no use. */
  static boolean reached(DataException reason) {
    return reason instanceof DamagedBlobException || reason instanceof MissingBlobException;
  }
}
