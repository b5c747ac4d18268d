package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.ForwardingStore;
import dev.stillhouse.storage.store.Timers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A store behind a link of one wait and of one rate for each request, in a given time. */
final class LinkedStore extends ForwardingStore {
  private final Timers timers;
  private final double waitSeconds;
  private final double bytesPerSecond;

  /** Requests that were sent. */
  int requests;

  /** Bytes that were sent. */
  long bytes;

  /** By how much longer the first four requests wait. */
  double firstWaits = 1;

  private int now;

  /** The most requests that were under way at once. */
  int atOnce;

  LinkedStore(BlobStore store, Timers timers, double waitSeconds, double bytesPerSecond) {
    super(store);
    this.timers = timers;
    this.waitSeconds = waitSeconds;
    this.bytesPerSecond = bytesPerSecond;
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    long length = ranges.stream().mapToLong(ByteRange::length).sum();
    double wait = waitSeconds * (requests < 4 ? firstWaits : 1);
    requests += ranges.size();
    bytes += length;
    atOnce = Math.max(atOnce, ++now);
    CompletableFuture<List<ByteBuffer>> result = new CompletableFuture<>();
    List<ByteBuffer> found = store.read(key, ranges).join();
    timers.after(
        Math.round((wait + length / bytesPerSecond) * 1e9),
        () -> {
          now--;
          result.complete(found);
        });
    return result;
  }
}
