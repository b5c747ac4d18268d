package dev.stillhouse.storage.store;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Tells the time and runs tasks later. Reads that wait take it as a parameter, so that they run in
 * an emulator's virtual time as they do in real time.
 */
public interface Timers {
  /** Real time. Tasks run in threads of {@link StoreThreads#WAITING}. */
  Timers SYSTEM =
      new Timers() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public Timer after(long delay, Runnable task) {
          ScheduledFuture<?> later =
              StoreThreads.CLOCK.schedule(
                  () -> StoreThreads.WAITING.execute(task), delay, TimeUnit.NANOSECONDS);
          return () -> later.cancel(false);
        }
      };

  /** A task that is due later. */
  interface Timer {
    /** Removes the task, if it has not begun. */
    void cancel();
  }

  /** Returns the time in nanoseconds, from an arbitrary start; it never goes back. */
  long nanos();

  /**
   * Runs a task later.
   *
   * @param delay nanoseconds from now, 0 or more
   */
  Timer after(long delay, Runnable task);

  /**
   * Waits for a result. Virtual time goes on meanwhile.
   *
   * @throws ExecutionException if there is an error instead
   */
  default <T> T await(Future<T> result) throws ExecutionException, InterruptedException {
    return result.get();
  }
}
