package dev.stillhouse.storage.store;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: tasks run when they are due, in the caller's thread, and no time passes else. */
public final class VirtualTimers implements Timers {
  private record Due(long at, long number, Runnable task) {}

  private final PriorityQueue<Due> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
  private long now;
  private long number;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Timer after(long delay, Runnable task) {
    Due due = new Due(now + delay, number++, task);
    tasks.add(due);
    return () -> tasks.remove(due);
  }

  /** Runs what is due next; returns false if nothing is. */
  public boolean step() {
    Due due = tasks.poll();
    if (due == null) {
      return false;
    }
    now = due.at;
    due.task.run();
    return true;
  }
}
