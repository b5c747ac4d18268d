package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.Cancelling;
import dev.stillhouse.storage.store.StoreThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tries a request again on the same store: after 0.1, 0.2, 0.4 ... seconds, at most one, each times
 * a random number between a half and one, so that many that failed together do not come back
 * together.
 */
final class Retries {
  /** The waits of every store; a test may shorten them. */
  static final Retries USUAL = new Retries(Duration.ofMillis(100), Duration.ofSeconds(1));

  /** Attempts of requests that another region may serve. */
  static final int FEW = 4;

  /**
   * Attempts of writes, which no other region can serve, and which may have to wait for other
   * writers.
   */
  static final int MANY = 10;

  private final Duration firstWait;
  private final Duration longestWait;

  /**
   * Creates the waits.
   *
   * @param firstWait between the first two attempts at most
   * @param longestWait between any two attempts at most
   */
  Retries(Duration firstWait, Duration longestWait) {
    this.firstWait = firstWait;
    this.longestWait = longestWait;
  }

  /**
   * Returns the result, as {@link #of} does, but asks a busy store again for {@link
   * BlobStore#BUSY_PATIENCE}. It is for requests that no other region can serve.
   */
  <T> CompletableFuture<T> patiently(
      int max, Supplier<CompletableFuture<T>> attempt, Predicate<Throwable> again) {
    CompletableFuture<T> result = new CompletableFuture<>();
    long end = System.nanoTime() + BlobStore.BUSY_PATIENCE.toNanos();
    attempt(1, number -> number < max, end, attempt, again, result);
    return result;
  }

  /**
   * Returns the result of the first attempt that succeeds, or the last failure. Cancelling it
   * cancels the current attempt, and no other follows.
   *
   * @param max attempts
   * @param again whether another attempt may succeed after this failure
   */
  <T> CompletableFuture<T> of(
      int max, Supplier<CompletableFuture<T>> attempt, Predicate<Throwable> again) {
    CompletableFuture<T> result = new CompletableFuture<>();
    attempt(1, number -> number < max, System.nanoTime(), attempt, again, result);
    return result;
  }

  private <T> void attempt(
      int number,
      IntPredicate more,
      long busyEnd,
      Supplier<CompletableFuture<T>> attempt,
      Predicate<Throwable> again,
      CompletableFuture<T> result) {
    if (result.isDone()) {
      return;
    }
    CompletableFuture<T> pending;
    try {
      pending = attempt.get();
    } catch (Throwable e) {
      result.completeExceptionally(e);
      return;
    }
    Cancelling.pass(result, pending);
    var unused =
        pending.whenComplete(
            (value, error) -> {
              if (error == null) {
                result.complete(value);
              } else if ((more.test(number) || mayBeLessBusy(StoreThreads.cause(error), busyEnd))
                  && again.test(StoreThreads.cause(error))) {
                later(number)
                    .execute(() -> attempt(number + 1, more, busyEnd, attempt, again, result));
              } else {
                result.completeExceptionally(StoreThreads.cause(error));
              }
            });
  }

  private static boolean mayBeLessBusy(Throwable error, long busyEnd) {
    return S3Errors.throttled(error) && System.nanoTime() - busyEnd < 0;
  }

  private Executor later(int number) {
    long longest = Math.min(longestWait.toNanos(), firstWait.toNanos() << Math.min(number - 1, 10));
    return StoreThreads.after(Math.round(longest * ThreadLocalRandom.current().nextDouble(0.5, 1)));
  }
}
