package dev.stillhouse.storage.replica;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.RefusedReplicaException;
import dev.stillhouse.storage.topology.ReadPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Orders the replicas that a reader knows. The cheapest is asked first; equal costs follow the
 * order of preference. A region that did not answer a moment ago comes after these. Damaged
 * replicas are tried last: they may have been repaired since.
 */
final class ReplicaSelector {
  /** A region that failed comes after the others for this long. */
  private static final Duration REST = Duration.ofSeconds(10);

  private static final long BETWEEN_ROUNDS_MS = 500;

  private final ImmutableList<Replica> routes;
  private final Ledger ledger;
  private final Ticker ticker;
  private final Map<String, DamagedCopy> damaged = new ConcurrentHashMap<>();
  private final Map<Replica, Long> restsUntil = new ConcurrentHashMap<>();

  ReplicaSelector(ImmutableList<Replica> routes, Ledger ledger, Ticker ticker) {
    this.routes = routes;
    this.ledger = ledger;
    this.ticker = ticker;
  }

  /** A replica that may be asked, with the requests that this would take. */
  record Choice(Replica route, ReadPlan plan, double cost, int rank) {}

  /** An operation that is tried on one replica after the other. */
  interface Attempt<T> {
    T on(Choice choice) throws IOException;
  }

  ImmutableList<Replica> routes() {
    return routes;
  }

  /**
   * Returns the result of the first replica that succeeds; empty if none does, and {@code attempts}
   * has the reasons. If none does and a store is busy, it is asked again for {@link
   * BlobStore#BUSY_PATIENCE}.
   */
  <T> Optional<T> first(List<ByteRange> ranges, ReadAttempts attempts, Attempt<T> attempt) {
    long end = ticker.read() + BlobStore.BUSY_PATIENCE.toNanos();
    Optional<T> found = once(ranges, attempts, attempt);
    while (found.isEmpty() && attempts.busy() && ticker.read() - end < 0) {
      pause(attempts.key());
      attempts.askBusyAgain();
      found = once(ranges, attempts, attempt);
    }
    return found;
  }

  private static void pause(String key) {
    try {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_ROUNDS_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fetch.InterruptedReadException(key, e);
    }
  }

  private <T> Optional<T> once(List<ByteRange> ranges, ReadAttempts attempts, Attempt<T> attempt) {
    for (Choice choice : inOrder(ranges, attempts)) {
      try {
        T value = attempt.on(choice);
        served(choice.route);
        return Optional.of(value);
      } catch (Fetch.InterruptedReadException e) {
        throw e;
      } catch (DataException e) {
        failed(choice.route, attempts, e);
      } catch (IOException e) {
        throw new DataException("cannot write a copy of " + attempts.key() + ": " + e, e);
      }
    }
    return Optional.empty();
  }

  /** Records that a replica answered: it need not rest. */
  void served(Replica route) {
    restsUntil.remove(route);
  }

  /** Records that a replica failed. */
  void failed(Replica route, ReadAttempts attempts, DataException reason) {
    attempts.failed(route, reason);
    if (reason instanceof DamagedBlobException damage) {
      noteDamage(route.store(), attempts.key(), damage.offset(), damage.reason());
    } else if (reason instanceof RefusedReplicaException) {
      noteDamage(route.store(), attempts.key(), 0, reason.getMessage());
    } else if (!(reason instanceof MissingBlobException)) {
      restsUntil.put(route, ticker.read() + REST.toNanos());
    }
  }

  private void noteDamage(BlobStore replica, String key, long offset, String reason) {
    DamagedCopy copy = new DamagedCopy(key, replica.region(), offset, reason);
    damaged.put(copy.region() + "/" + key, copy);
    ledger.met(copy);
  }

  /** Returns the replicas that were not tried yet, best first. */
  List<Choice> inOrder(List<ByteRange> ranges, ReadAttempts attempts) {
    boolean weigh = routes.size() > 1;
    return routes.stream()
        .filter(attempts::mayAsk)
        .map(
            route -> {
              ReadPlan plan = route.plan(ranges);
              double cost = weigh ? route.cost(plan) : 0;
              return new Choice(route, plan, cost, rank(route, attempts.key()));
            })
        .sorted(Comparator.comparingInt(Choice::rank).thenComparingDouble(Choice::cost))
        .toList();
  }

  private int rank(Replica route, String key) {
    if (damaged.containsKey(route.store().region() + "/" + key)) {
      return 2;
    }
    Long until = restsUntil.get(route);
    return until != null && ticker.read() - until < 0 ? 1 : 0;
  }
}
