package dev.stillhouse.storage.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Counts what a store sends beyond one request for each range, HEAD and list that it was asked for.
 * Safe for many threads.
 */
public final class ExtraRequestCounter {
  private final AtomicLong retries = new AtomicLong();
  private final AtomicLong pages = new AtomicLong();

  /**
   * Counts a request that is sent again, or a second one that the answer to the first one asks for.
   */
  public void retried() {
    retries.incrementAndGet();
  }

  /** Counts a page of a list after its first, or one that no caller asked for. */
  public void paged() {
    pages.incrementAndGet();
  }

  /** Returns the same predicate, which counts each "again". */
  public Predicate<Throwable> counting(Predicate<Throwable> again) {
    return error -> {
      boolean yes = again.test(error);
      if (yes) {
        retried();
      }
      return yes;
    };
  }

  /** Returns and resets the counts. */
  public BlobStore.ExtraRequests take() {
    return new BlobStore.ExtraRequests(retries.getAndSet(0), pages.getAndSet(0));
  }
}
