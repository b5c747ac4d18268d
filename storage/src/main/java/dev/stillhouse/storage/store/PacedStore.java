package dev.stillhouse.storage.store;

import com.google.common.util.concurrent.RateLimiter;
import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Limits the rate of reads, which stores may share. A read waits for its turn before it is sent.
 * Later reads wait for its bytes, so a read that is under way is never delayed.
 */
public final class PacedStore extends ForwardingStore {
  private static final double UNIT = 1024; // Permits are whole numbers: of kibibytes.

  private final RateLimiter pace;

  /**
   * Creates a store with a limited rate.
   *
   * @param pace see {@link #pace}
   */
  public PacedStore(BlobStore store, RateLimiter pace) {
    super(store);
    this.pace = pace;
  }

  /** Returns a limit of bytes a second, for all stores that share it together. */
  public static RateLimiter pace(double bytesPerSecond) {
    return RateLimiter.create(bytesPerSecond / UNIT);
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    long bytes = ranges.stream().mapToLong(ByteRange::length).sum();
    String what = key + " in region " + region() + ", whose reads are kept to the pace asked for";
    try (Waits.Wait wait = Waits.OF_PROCESS.on(what)) {
      pace.acquire((int) Math.ceil(Math.max(1, Math.min(bytes, MAX_BYTES_AT_ONCE)) / UNIT));
    }
    return store.read(key, ranges);
  }
}
