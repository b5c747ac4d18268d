package dev.stillhouse.bench.links;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.store.Timers.Timer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Cores in virtual time: each runs one task at a time, and a task takes so long as it is said to.
 * The work is done at the end of that time.
 */
public final class VirtualCores implements Executor {
  private final VirtualTime time;
  private final long nanos;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int free;

  /**
   * Creates idle cores.
   *
   * @param secondsOfTask that each task takes
   */
  public VirtualCores(VirtualTime time, int cores, double secondsOfTask) {
    checkArgument(cores >= 1, "VirtualCores: %s cores", cores);
    checkArgument(secondsOfTask >= 0, "VirtualCores: %s s", secondsOfTask);
    this.time = time;
    this.free = cores;
    this.nanos = VirtualTime.nanos(secondsOfTask);
  }

  @Override
  public void execute(Runnable task) {
    waiting.add(task);
    next();
  }

  private void next() {
    while (free > 0 && !waiting.isEmpty()) {
      Runnable task = waiting.remove();
      free--;
      Timer unused =
          time.after(
              nanos,
              () -> {
                free++;
                next();
                task.run();
              });
    }
  }
}
