package dev.stillhouse.pipeline.teacher.served;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.teacher.served.ServerInfo.Forced;
import dev.stillhouse.pipeline.teacher.served.TryAgainException.Kind;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.NotReachedException.Why;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of one model share its prompts. Each has a bounded number of tokens under way, and
 * the one with the fewest under way comes next. One that fails is left alone for a time that
 * doubles; its prompts go to others. When it is there again it is probed, since another model may
 * have come up in its place. Only when none answers for the whole patience is that an error.
 *
 * <p>For many threads; the monitor guards the state.
 */
final class Servers {
  private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

  /** Time for which servers that are not there are waited for before a job begins. */
  private static final Duration START = Duration.ofSeconds(10);

  private static final long FIRST_WAIT = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(30);

  /** Times that a server may fail on one prompt: it is likely the prompt that it cannot stand. */
  private static final int MAX_FAILURES = 5;

  private final ServedApi api;
  private final ServedSettings settings;
  private final List<Server> servers = new ArrayList<>();
  private final ServerInfo info;
  private long silentSince; // the first failure since the last answer; 0 for none

  /** One server and what it is doing. */
  private static final class Server {
    final ServerLink link;
    @Nullable ServerInfo info; // null until it is probed, and again when it was away
    long tokens;
    long restUntil;
    long rest;
    String last = "";

    Server(ServerLink link) {
      this.link = link;
    }
  }

  private Servers(ServedApi api, ServedSettings settings, List<ServerLink> links)
      throws InterruptedException {
    this.api = api;
    this.settings = settings;
    links.forEach(link -> servers.add(new Server(link)));
    this.info = start();
  }

  /**
   * Probes the servers; those that are not there are asked later.
   *
   * @throws NotReachedException if none is there
   * @throws DataException if they differ
   */
  static Servers open(ServedApi api, ServedSettings settings, List<ServerLink> links) {
    try {
      return new Servers(api, settings, links);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while the teacher's servers were probed", e);
    }
  }

  private ServerInfo start() throws InterruptedException {
    long begin = System.nanoTime();
    long wait = FIRST_WAIT;
    while (true) {
      @Nullable ServerInfo first = null;
      for (Server server : servers) {
        Optional<ServerInfo> found = probe(server);
        if (found.isPresent()) {
          first = first == null ? found.get() : agree(server, first, found.get());
        }
      }
      if (first != null) {
        warnOfAbsent();
        return first;
      }
      if (System.nanoTime() - begin > START.toNanos()) {
        throw silent("no server answers", "start it, or name another URL");
      }
      TimeUnit.NANOSECONDS.sleep(wait);
      wait *= 2;
    }
  }

  private void warnOfAbsent() {
    for (Server server : servers) {
      if (server.info == null) {
        LOG.warn("{}; the others begin without it", server.last);
      }
    }
  }

  private Optional<ServerInfo> probe(Server server) throws InterruptedException {
    try {
      server.info = api.probe(server.link, settings);
      return Optional.of(server.info);
    } catch (IOException e) {
      server.last = String.valueOf(e.getMessage());
      return Optional.empty();
    }
  }

  private ServerInfo agree(Server server, ServerInfo one, ServerInfo other) {
    if (!one.identity().equals(other.identity()) || one.vocabulary() != other.vocabulary()) {
      throw DataException.of(
          "%s is another teacher than the first: %s %s, not %s; all servers of a dataset must be"
              + " the same version and model",
          server.link.url(), api.name(), other.sentence(), one.sentence());
    }
    return new ServerInfo(
        one.version(),
        one.model(),
        one.details(),
        one.form().equals(other.form()) ? one.form() : one.form() + " or " + other.form(),
        Math.min(one.maxPrompt(), other.maxPrompt()),
        Math.min(one.maxTop(), other.maxTop()),
        one.vocabulary(),
        other.givesForced() ? one.forced() : Forced.NONE);
  }

  /** Returns what all servers are and can give. */
  ServerInfo info() {
    return info;
  }

  /** Returns the number of servers. */
  int size() {
    return servers.size();
  }

  /**
   * Asks one server after another until there is an answer.
   *
   * @throws NotReachedException if none answered for the whole patience
   */
  PromptScores ask(Question question) throws InterruptedException {
    int failures = 0;
    while (true) {
      Server server = acquire(question.prompt().length);
      try {
        PromptScores scores = api.ask(server.link, known(server), question);
        answered(server);
        return scores;
      } catch (TryAgainException e) {
        if (e.kind() == Kind.FAILED && ++failures == MAX_FAILURES) {
          throw new DataException(
              String.valueOf(e.getMessage()) + "; asked " + MAX_FAILURES + " times", e);
        }
        failed(server, e);
      } catch (IOException e) {
        failed(
            server,
            new TryAgainException(
                Kind.AWAY, server.link.url() + ": " + e.getMessage(), Duration.ZERO, e));
      } finally {
        release(server, question.prompt().length);
      }
    }
  }

  /** Returns what a server is; probes one that was away, which may have become another. */
  private ServerInfo known(Server server) throws IOException, InterruptedException {
    synchronized (this) {
      if (server.info != null) {
        return server.info;
      }
    }
    ServerInfo found = api.probe(server.link, settings);
    agree(server, info, found);
    synchronized (this) {
      server.info = found;
    }
    return found;
  }

  /** Waits for a server with room, and takes it. */
  private synchronized Server acquire(int tokens) throws InterruptedException {
    while (true) {
      long now = System.nanoTime();
      @Nullable Server best = null;
      long soonest = Long.MAX_VALUE;
      for (Server server : servers) {
        boolean room = server.tokens == 0 || server.tokens + tokens <= settings.tokens();
        if (server.rest > 0 && now - server.restUntil < 0) {
          soonest = Math.min(soonest, server.restUntil - now);
        } else if (room && (best == null || server.tokens < best.tokens)) {
          best = server;
        }
      }
      if (best != null) {
        best.tokens += tokens;
        return best;
      }
      long limit = TimeUnit.SECONDS.toNanos(settings.patience());
      if (silentSince != 0 && now - silentSince > limit) {
        throw silent(
            "no server answered for " + settings.patience() + " s",
            "what was answered is kept: run the same command again when it is there");
      }
      // Tokens that come back, and a server's good answer, end the wait.
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, Math.min(soonest, LONGEST_WAIT)));
    }
  }

  private synchronized void release(Server server, int tokens) {
    server.tokens -= tokens;
    notifyAll();
  }

  private synchronized void answered(Server server) {
    if (server.rest > 0) {
      LOG.warn("{} answers again", server.link.url());
    }
    server.rest = 0;
    silentSince = 0;
  }

  private synchronized void failed(Server server, TryAgainException e) {
    long now = System.nanoTime();
    if (server.rest == 0) {
      LOG.warn("{}; waiting for it, up to {} s", e.getMessage(), settings.patience());
    }
    server.last = String.valueOf(e.getMessage());
    if (silentSince == 0) {
      silentSince = now;
    }
    if (server.rest == 0 || now - server.restUntil >= 0) { // else its other prompts failed too
      server.rest = server.rest == 0 ? FIRST_WAIT : Math.min(LONGEST_WAIT, 2 * server.rest);
      server.restUntil = now + Math.max(server.rest, e.after().toNanos());
    }
    if (e.kind() == Kind.AWAY) {
      server.info = null;
    }
    notifyAll();
  }

  private synchronized NotReachedException silent(String what, String advice) {
    return new NotReachedException(
        Why.UNREACHABLE,
        api.name()
            + ": "
            + what
            + " ("
            + servers.stream().map(server -> server.last).collect(Collectors.joining("; "))
            + "); "
            + advice,
        null);
  }

  /** Returns the URLs, for people. */
  ImmutableList<String> urls() {
    return servers.stream()
        .map(server -> server.link.url())
        .collect(ImmutableList.toImmutableList());
  }
}
