package dev.stillhouse.cli;

import dev.stillhouse.storage.store.Waits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reports what a command waits for, when that has lasted for ten seconds, and every ten after. */
final class WaitTeller implements AutoCloseable {
  static final Duration QUIET = Duration.ofSeconds(10);
  private static final int MAX_TOLD = 3;

  private final Waits waits;
  private final Consumer<String> out;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "wait-teller");
            thread.setDaemon(true);
            return thread;
          });

  WaitTeller(Waits waits, Consumer<String> out) {
    this.waits = waits;
    this.out = out;
  }

  /** Begins to watch. */
  WaitTeller start() {
    long seconds = QUIET.toSeconds();
    var unused = clock.scheduleAtFixedRate(this::tell, seconds, seconds, TimeUnit.SECONDS);
    return this;
  }

  /** Reports the current waits. */
  void tell() {
    List<String> lasting = waits.lasting(QUIET);
    lasting.stream().limit(MAX_TOLD).forEach(wait -> out.accept("waiting for " + wait));
    if (lasting.size() > MAX_TOLD) {
      out.accept("and for " + (lasting.size() - MAX_TOLD) + " more");
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
