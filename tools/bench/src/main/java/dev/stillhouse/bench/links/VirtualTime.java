package dev.stillhouse.bench.links;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Throwables;
import com.google.common.math.LongMath;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.StoreThreads;
import dev.stillhouse.storage.store.Timers;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that jumps from one due task to the next. Tasks that are due at the same time run in the
 * order in which they were added. They run in the thread that calls a {@code run} method, one after
 * the other; other threads may add tasks.
 */
public final class VirtualTime implements Timers {
  private static final double NANOS = 1e9;

  /** Nanoseconds: 0.12 s are 120,000,000, although the product is a little more. */
  private static final double ROUNDING = 1e-3;

  private final TreeSet<Task> tasks =
      new TreeSet<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::order));
  private final ReentrantLock running = new ReentrantLock();
  private long now;
  private long added;

  private record Task(long due, long order, Runnable work) {}

  /**
   * Returns the nanoseconds of some seconds, rounded up; the largest number if they are endless.
   */
  public static long nanos(double seconds) {
    double nanos = Math.ceil(seconds * NANOS - ROUNDING);
    return nanos >= Long.MAX_VALUE ? Long.MAX_VALUE : (long) Math.max(0, nanos);
  }

  @Override
  public synchronized long nanos() {
    return now;
  }

  /** Returns the seconds since the start. */
  public double seconds() {
    return nanos() / NANOS;
  }

  @Override
  public synchronized Timer after(long delay, Runnable task) {
    checkArgument(delay >= 0, "VirtualTime: delay=%s, need >= 0", delay);
    Task later = new Task(LongMath.saturatedAdd(now, delay), added++, task);
    tasks.add(later);
    return () -> remove(later);
  }

  private synchronized void remove(Task task) {
    tasks.remove(task);
  }

  /** Runs tasks until none is left. */
  public void runUntilIdle() {
    runUntil(Long.MAX_VALUE);
  }

  /**
   * Runs the tasks that are due by a time. It is then that time, unless it is the largest number.
   *
   * @param end nanoseconds since the start
   */
  public void runUntil(long end) {
    running.lock();
    try {
      for (Task task = next(end); task != null; task = next(end)) {
        task.work.run();
      }
      synchronized (this) {
        now = end == Long.MAX_VALUE ? now : Math.max(now, end);
      }
    } finally {
      running.unlock();
    }
  }

  /**
   * Runs tasks until a result is there, and returns it.
   *
   * @throws IllegalStateException if no task is left before that: it would be waited for without
   *     end
   */
  public <T> T get(CompletableFuture<T> result) {
    try {
      return await(result);
    } catch (ExecutionException e) {
      Throwable cause = StoreThreads.cause(e);
      Throwables.throwIfUnchecked(cause);
      throw new DataException("a read failed: " + cause, cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted in virtual time", e);
    }
  }

  @Override
  public <T> T await(Future<T> result) throws ExecutionException, InterruptedException {
    running.lock();
    try {
      while (!result.isDone()) {
        Task task = next(Long.MAX_VALUE);
        if (task == null) {
          throw new IllegalStateException("nothing is left to happen, and the result is not there");
        }
        task.work.run();
      }
      return result.get();
    } finally {
      running.unlock();
    }
  }

  /** Removes the next task, and goes to its time; null if none is due by then. */
  private synchronized @Nullable Task next(long end) {
    if (tasks.isEmpty() || tasks.first().due > end || tasks.first().due == Long.MAX_VALUE) {
      return null;
    }
    Task task = tasks.pollFirst();
    now = Math.max(now, task.due);
    return task;
  }
}
