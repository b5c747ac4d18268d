package dev.stillhouse.pipeline.teacher.flight;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.teacher.flight.Failures.AwayException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.Waits;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of one teacher. A call goes to the one that has the fewest; if that gives no answer,
 * to another, and it rests: 250 ms first, twice as long each time, at most 15 s. While all rest the
 * call waits, up to a limit. Safe for many threads.
 */
final class Servers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

  private final BufferAllocator allocator = new RootAllocator();
  private final ImmutableList<Server> all;
  private final long waitNanos;
  private final ServerInfo info;

  private Servers(FlightArgument argument) {
    ImmutableList.Builder<Server> made = ImmutableList.builder();
    argument.servers().forEach(address -> made.add(new Server(address, argument, allocator)));
    all = made.build();
    waitNanos = TimeUnit.SECONDS.toNanos(argument.waitSeconds());
    try {
      info = ask(Prompts.NONE, Server::hello);
      all.forEach(this::compare);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Connects; waits until one of them answers. */
  static Servers open(FlightArgument argument) {
    return new Servers(argument);
  }

  private void compare(Server server) {
    ServerInfo other;
    try {
      other = server.hello();
    } catch (AwayException e) {
      away(server, e);
      return;
    }
    if (!other.equals(info)) {
      throw DataException.of(
          "%s: another teacher than the first that answered: %s, and %s; run the same model with the"
              + " same releases on every server",
          server, other, info);
    }
  }

  /** Returns what the servers say of themselves. */
  ServerInfo info() {
    return info;
  }

  /** Returns the number of servers, away or not. */
  int size() {
    return all.size();
  }

  /**
   * Asks a server, and another one if it gives no answer.
   *
   * @param call throws {@link AwayException} for no answer
   * @throws DataException if no server answers for as long as the limit allows
   */
  <T> T ask(Prompts prompts, Function<Server, T> call) {
    long began = System.nanoTime();
    while (true) {
      Server server = take(prompts, began);
      try {
        T answer = call.apply(server);
        back(server);
        return answer;
      } catch (AwayException e) {
        away(server, e);
      } finally {
        synchronized (this) {
          server.end();
        }
      }
    }
  }

  private synchronized void back(Server server) {
    if (server.well()) {
      LOG.warn("the teacher at {} answers again", server);
    }
  }

  private synchronized void away(Server server, AwayException e) {
    if (server.rest(System.nanoTime(), String.valueOf(e.getMessage()))) {
      LOG.warn("the teacher at {} gives no answer: {}", server, e.getMessage());
    }
  }

  /** Returns a server that is not resting; waits for one if need be. */
  private Server take(Prompts prompts, long began) {
    Optional<Server> taken = take();
    if (taken.isPresent()) {
      return taken.get();
    }
    try (Waits.Wait wait = Waits.OF_PROCESS.on("a server of the teacher to answer")) {
      while (taken.isEmpty()) {
        long now = System.nanoTime();
        if (now - began >= waitNanos) {
          throw gone(prompts, now - began);
        }
        wait.because(reasons());
        TimeUnit.NANOSECONDS.sleep(
            Math.max(1_000_000, Math.min(untilWake(now), waitNanos - (now - began))));
        taken = take();
      }
      return taken.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while waiting for the teacher", e);
    }
  }

  private synchronized Optional<Server> take() {
    long now = System.nanoTime();
    Optional<Server> free =
        all.stream()
            .filter(server -> !server.resting(now))
            .min(Comparator.comparingInt(Server::calls));
    free.ifPresent(Server::begin);
    free.ifPresent(Server::wake);
    return free;
  }

  private synchronized long untilWake(long now) {
    return all.stream().mapToLong(server -> server.restUntil() - now).min().orElse(0);
  }

  private synchronized String reasons() {
    return all.stream().map(Server::reason).collect(Collectors.joining("; "));
  }

  private DataException gone(Prompts prompts, long nanos) {
    return DataException.of(
        "no teacher answers%s, for %d s: %s; start one, and run the same command again: what was answered is kept; wait=SECONDS waits longer",
        prompts == Prompts.NONE ? "" : " about " + prompts,
        TimeUnit.NANOSECONDS.toSeconds(nanos),
        reasons());
  }

  @Override
  public String toString() {
    return all.stream().map(Server::toString).collect(Collectors.joining(";"));
  }

  /** Ends the connections. Blocks that are still lent keep their memory. */
  @Override
  public void close() {
    List<Server> ending = all;
    ending.forEach(Server::close);
  }
}
