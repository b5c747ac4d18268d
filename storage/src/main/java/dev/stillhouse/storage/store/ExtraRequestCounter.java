package dev.stillhouse.storage.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Counts what a store sends beyond the one request for each range, look and list that it was asked
 * for, until somebody books it. Safe for many threads.
 */
public final class ExtraRequestCounter {
  private final AtomicLong retries = new AtomicLong();
  private final AtomicLong pages = new AtomicLong();

  /** Counts a request that is sent again, or a second one that the first one's answer asks for. */
  public void retried() {
    retries.incrementAndGet();
  }

  /** Counts a page of a list after its first, or one that nobody asked for by name. */
  public void paged() {
    pages.incrementAndGet();
  }

  /** The same decision, with each "again" counted. */
  public Predicate<Throwable> counting(Predicate<Throwable> again) {
    return error -> {
      boolean yes = again.test(error);
      if (yes) {
        retried();
      }
      return yes;
    };
  }

  /** What was counted since this was last asked. */
  public BlobStore.ExtraRequests take() {
    return new BlobStore.ExtraRequests(retries.getAndSet(0), pages.getAndSet(0));
  }
}
