package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.Cancelling;
import dev.stillhouse.storage.store.StoreThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tries a request again on the same store: after 0.1, 0.2, 0.4 ... seconds, at most one, each times
 * a random number between a half and one, so that many that failed at once do not come back at
 * once.
 */
final class Retries {
  /** For what costs little to give up: another region may serve. */
  static final int FEW = 4;

  /** For writes, which have one place to go, and may have to wait for other writers. */
  static final int MANY = 10;

  private static final long FIRST_WAIT_MS = 100;
  private static final long LONGEST_WAIT_MS = 1000;

  private Retries() {}

  /**
   * The same as {@link #of}, but a store that says that it is busy is asked again for {@link
   * BlobStore#BUSY_PATIENCE}: for what has no other region to go to.
   */
  static <T> CompletableFuture<T> patiently(
      int max, Supplier<CompletableFuture<T>> attempt, Predicate<Throwable> again) {
    CompletableFuture<T> result = new CompletableFuture<>();
    long end = System.nanoTime() + BlobStore.BUSY_PATIENCE.toNanos();
    attempt(1, number -> number < max, end, attempt, again, result);
    return result;
  }

  /**
   * What the first attempt gives that succeeds, or the last failure. Cancelling it cancels the
   * attempt that is under way, and there is no next one.
   *
   * @param max attempts
   * @param again whether another attempt may succeed where this failure came
   */
  static <T> CompletableFuture<T> of(
      int max, Supplier<CompletableFuture<T>> attempt, Predicate<Throwable> again) {
    CompletableFuture<T> result = new CompletableFuture<>();
    attempt(1, number -> number < max, System.nanoTime(), attempt, again, result);
    return result;
  }

  private static <T> void attempt(
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

  private static Executor later(int number) {
    double longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(number - 1, 10));
    double wait = longest * ThreadLocalRandom.current().nextDouble(0.5, 1);
    return StoreThreads.after(Math.round(wait * 1e6));
  }
}
