package dev.stillhouse.cli.output;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a command that is interrupted (Ctrl-C, {@code TERM}): asks its stages to stop, and keeps the
 * JVM until the command has closed what it opened. Not until a stage has ended: the stores of the
 * command are closed after its stages, and a JVM that ended in between would leave their scratch
 * files.
 */
public final class OrderlyStop implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static volatile OrderlyStop current = new OrderlyStop();

  private final Set<Runnable> stages = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "orderly-stop");
  private volatile boolean stopping;

  private OrderlyStop() {}

  /** Begins a command, which ends when the result is closed. */
  public static OrderlyStop open() {
    OrderlyStop made = new OrderlyStop();
    Runtime.getRuntime().addShutdownHook(made.hook);
    current = made;
    return made;
  }

  /** A stage that is asked to stop at an interrupt, until it is closed. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Registers what stops a stage of the current command; calls it now if it is too late. */
  public static Registration onInterrupt(Runnable stop) {
    return current.register(stop);
  }

  private Registration register(Runnable stop) {
    stages.add(stop);
    if (stopping) {
      stop.run();
    }
    return () -> stages.remove(stop);
  }

  void interrupted() {
    stopping = true;
    if (stages.isEmpty()) {
      return; // Nothing that takes time: what a process leaves, the next one removes.
    }
    stages.forEach(Runnable::run);
    System.err.printf("%nstopping in order ...%n");
    try {
      if (!ended.await(GRACE.toSeconds(), TimeUnit.SECONDS)) { // Else the command has told it.
        System.err.println(
            "stopped in the middle; what is finished is kept, run the same command to go on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the command. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The hook is running: it waits for the latch above and tells the rest.
    }
  }
}
