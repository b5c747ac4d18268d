package dev.stillhouse.bench.links;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.Cancelling;
import dev.stillhouse.storage.store.CountedRead;
import dev.stillhouse.storage.store.ForwardingStore;
import dev.stillhouse.storage.store.InFlight;
import dev.stillhouse.storage.store.LateReplicaException;
import dev.stillhouse.storage.store.ListedBlob;
import dev.stillhouse.storage.store.StoreThreads;
import dev.stillhouse.storage.store.Timers.Timer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A store behind an emulated link: its bytes are real, their time is virtual. A read sends a
 * request for each range; {@code inFlight} of them are under way at once. Every other operation
 * takes an empty request and blocks: it runs the clock until the answer is there.
 */
public final class EmulatedStore extends ForwardingStore {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmulatedLink link;
  private final InFlight slots;

  /**
   * Puts a store behind a link.
   *
   * @param inFlight max requests at a time; the others wait for their turn
   */
  public EmulatedStore(BlobStore store, EmulatedLink link, int inFlight) {
    super(store);
    this.link = link;
    this.slots = new InFlight(inFlight);
  }

  private VirtualTime time() {
    return link.network().time();
  }

  private static final class Read extends CountedRead {
    final List<Transfer> sent = new ArrayList<>();

    @Override
    public long crossedBytes() {
      return sent.stream().mapToLong(Transfer::crossed).sum();
    }
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    Read read = new Read();
    // Whichever thread asks, the link is used by the clock's alone.
    Timer unused = time().after(0, () -> send(read, key, ranges));
    return read;
  }

  private void send(Read read, String key, List<ByteRange> ranges) {
    if (read.isDone()) {
      return;
    }
    List<ByteRange> requests = ranges.isEmpty() ? List.of(new ByteRange(0, 0)) : ranges;
    List<CompletableFuture<ByteBuffer>> parts = new ArrayList<>();
    for (ByteRange range : requests) {
      parts.add(slots.run(() -> one(read, key, range)));
    }
    for (CompletableFuture<ByteBuffer> part : parts) {
      Cancelling.pass(read, part);
      var unused =
          part.whenComplete(
              (bytes, error) -> {
                if (error != null) {
                  read.completeExceptionally(StoreThreads.cause(error));
                  parts.forEach(other -> other.cancel(false));
                } else if (parts.stream().allMatch(CompletableFuture::isDone)) {
                  read.complete(
                      parts.stream().limit(ranges.size()).map(CompletableFuture::join).toList());
                }
              });
    }
  }

  private CompletableFuture<ByteBuffer> one(Read read, String key, ByteRange range) {
    Transfer transfer = link.send(range.length());
    read.sent.add(transfer);
    CompletableFuture<ByteBuffer> part = new CompletableFuture<>();
    var unused =
        transfer
            .arrived()
            .whenComplete(
                (length, error) -> {
                  if (error != null) {
                    part.completeExceptionally(error);
                  } else {
                    finish(part, key, range, Math.toIntExact(length));
                  }
                });
    var unusedPart =
        part.whenComplete(
            (bytes, error) -> {
              if (part.isCancelled()) {
                Timer unusedNow = time().after(0, transfer::cancel);
              }
            });
    return part;
  }

  /** Completes a part with the store's bytes, in the length that crossed. */
  private void finish(CompletableFuture<ByteBuffer> part, String key, ByteRange range, int length) {
    try {
      List<ByteBuffer> bytes = store.read(key, List.of(range)).join();
      ByteBuffer right = bytes.get(0);
      part.complete(
          right.remaining() == length
              ? right
              : ByteBuffer.allocate(length)
                  .put(right.slice(0, Math.min(length, right.remaining())))
                  .position(0));
    } catch (RuntimeException e) {
      part.completeExceptionally(StoreThreads.cause(e));
    }
  }

  /** Runs the clock for an empty request. */
  private void roundTrip(String key) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    Timer late =
        time()
            .after(
                PATIENCE.toNanos(),
                () ->
                    answer.completeExceptionally(
                        new LateReplicaException(region(), key, PATIENCE)));
    Timer unused =
        time()
            .after(
                0,
                () -> {
                  Transfer transfer = link.send(0);
                  var unusedAnswer =
                      transfer
                          .arrived()
                          .whenComplete(
                              (length, error) -> {
                                if (error == null) {
                                  answer.complete(length);
                                } else {
                                  answer.completeExceptionally(error);
                                }
                              });
                  var unusedEnd = answer.whenComplete((length, error) -> transfer.cancel());
                });
    try {
      Long unusedLength = time().get(answer);
    } finally {
      late.cancel();
    }
  }

  @Override
  public OptionalLong size(String key) {
    roundTrip(key);
    return store.size(key);
  }

  @Override
  public List<ListedBlob> blobs(String prefix) {
    roundTrip(prefix);
    return store.blobs(prefix);
  }

  @Override
  public boolean putIfAbsent(String key, Path file) {
    roundTrip(key);
    return store.putIfAbsent(key, file);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    roundTrip(key);
    return store.putIfAbsent(key, bytes);
  }

  @Override
  public void replace(String key, Path file) {
    roundTrip(key);
    store.replace(key, file);
  }

  @Override
  public void delete(String key) {
    roundTrip(key);
    store.delete(key);
  }
}
