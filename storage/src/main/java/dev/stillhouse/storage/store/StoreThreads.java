package dev.stillhouse.storage.store;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Threads that wait for stores. The JDK's common pool is never used for this: it has about one
 * thread a core for the whole process, and what blocks in it holds up everything else that
 * completes there. These threads are daemons.
 */
public final class StoreThreads {
  /** Runs a thread for each task at once; an idle one ends after a minute. */
  public static final ExecutorService WAITING = Executors.newCachedThreadPool(named("store-%d"));

  static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(named("store-clock"));

  private StoreThreads() {}

  /**
   * Returns an executor that runs tasks in {@link #WAITING} after a delay.
   *
   * @param nanos the delay, nanoseconds
   */
  public static Executor after(long nanos) {
    return task -> {
      var unused = CLOCK.schedule(() -> WAITING.execute(task), nanos, TimeUnit.NANOSECONDS);
    };
  }

  private static ThreadFactory named(String format) {
    return new ThreadFactoryBuilder().setDaemon(true).setNameFormat(format).build();
  }

  /** Returns the error without the wrapping of futures. */
  public static Throwable cause(Throwable error) {
    boolean wraps = error instanceof CompletionException || error instanceof ExecutionException;
    return wraps && error.getCause() != null ? cause(error.getCause()) : error;
  }
}
