package dev.stillhouse.storage.replica.hedge;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.replica.hedge.HedgeAction.Ask;
import dev.stillhouse.storage.replica.hedge.HedgeAction.Cancel;
import dev.stillhouse.storage.replica.hedge.HedgeAction.GiveUp;
import dev.stillhouse.storage.replica.hedge.HedgeAction.Take;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one read of a range. It asks the first replica; if that is later than its region's
 * live percentile and the budget allows, the next one too; the first right answer wins. A request
 * that fails is followed by the next replica. Where a region's breaker has opened meanwhile, a late
 * request is given up for the next replica, which takes no budget; and one late read at a time may
 * find out whether its region is silent. Two requests at most are under way, each replica is asked
 * at most once, and the read ends once.
 *
 * <p>Every call says what happened, and at what time in nanoseconds; it returns what is to be done,
 * in order. {@link #due} is when {@link #tick} is to be called.
 */
public final class HedgedRead {
  private static final double NANOS = 1e9;

  /** A late read that may not be hedged looks again after this share of its time. */
  private static final double AGAIN = 0.125;

  private static final long MIN_AGAIN_NANOS = 1_000_000;

  /** Multiple of the time of a late read from which on its region may be silent. */
  private static final double SILENT = 3;

  private final ImmutableList<Replica> replicas;
  private final long bytes;
  private final HedgeRules rules;
  private final HedgeBudget budget;
  private final boolean[] asked;
  private final List<Request> running = new ArrayList<>(2);
  private int requests;
  private long again = Long.MIN_VALUE;
  private long due = Long.MAX_VALUE;
  private int hedge = -1;
  private @Nullable Request scout;
  private int paid;
  private long extra;
  private boolean ended;

  /**
   * A replica that may be asked.
   *
   * @param health of its region
   * @param seconds that the read is expected to take there, above 0
   */
  public record Replica(RegionHealth health, double seconds) {}

  private record Request(int number, int replica, long since, boolean probe) {}

  /**
   * Creates a read that has not begun.
   *
   * @param replicas best first
   * @param bytes of the range
   */
  public HedgedRead(List<Replica> replicas, long bytes, HedgeRules rules, HedgeBudget budget) {
    checkArgument(!replicas.isEmpty(), "HedgedRead: no replica");
    this.replicas = ImmutableList.copyOf(replicas);
    this.bytes = bytes;
    this.rules = rules;
    this.budget = budget;
    this.asked = new boolean[replicas.size()];
  }

  /** Begins. */
  public List<HedgeAction> start(long now) {
    List<HedgeAction> actions = new ArrayList<>();
    budget.earn(bytes);
    ask(next(now, false), now, actions);
    return actions;
  }

  /** Returns when {@link #tick} is to be called, in nanoseconds; the largest number if never. */
  public long due() {
    return due;
  }

  /** Returns whether the read has ended. */
  public boolean isEnded() {
    return ended;
  }

  /** Returns whether a request is under way. */
  boolean isRunning(int number) {
    return running.stream().anyMatch(request -> request.number == number);
  }

  /** Returns the request that was sent beside another one; -1 if there is none. */
  public int hedge() {
    return hedge;
  }

  /** Returns the requests that the budget paid for. */
  int paid() {
    return paid;
  }

  /** Records a right answer. */
  public List<HedgeAction> answered(int number, long now) {
    Request winner = remove(number);
    if (winner == null) {
      return List.of();
    }
    RegionHealth health = health(winner);
    health.observe(seconds(winner, now), expected(winner));
    health.breaker().succeeded(now);
    if (hedge >= 0 && !running.isEmpty()) {
      budget.settle(number == hedge);
    }
    endScout(number == hedge, now);
    List<HedgeAction> actions = new ArrayList<>();
    for (Request loser : running) {
      end(loser, now, loser.since <= winner.since);
      actions.add(new Cancel(loser.number));
    }
    return ended(actions, new Take(number), now);
  }

  /**
   * Records that a request failed.
   *
   * @param reached whether the region answered, so that only this copy is wrong or missing
   */
  public List<HedgeAction> failed(int number, boolean reached, long now) {
    Request request = remove(number);
    if (request == null) {
      return List.of();
    }
    if (reached) {
      health(request).breaker().succeeded(now);
    } else {
      health(request).breaker().failed(now, request.probe);
    }
    return afterLoss(new ArrayList<>(), now);
  }

  /** Looks whether a request is late. Too early a call changes nothing. */
  public List<HedgeAction> tick(long now) {
    List<HedgeAction> actions = new ArrayList<>();
    for (Request request : List.copyOf(running)) {
      if (now - request.since >= rules.patienceNanos(bytes)) {
        actions.add(new Cancel(request.number));
        running.remove(request);
        end(request, now, true);
      }
    }
    if (!actions.isEmpty()) {
      return afterLoss(actions, now);
    }
    if (running.size() == 1 && now >= lateAt(running.get(0))) {
      late(running.get(0), now, actions);
    }
    setDue();
    return actions;
  }

  /** Ends the read, since its result is not needed. */
  public List<HedgeAction> cancel(long now) {
    List<HedgeAction> actions = new ArrayList<>();
    for (Request request : running) {
      health(request).breaker().abandoned(request.probe);
      actions.add(new Cancel(request.number));
    }
    return ended || requests == 0 ? List.of() : ended(actions, new GiveUp(), now);
  }

  /** Records what crossed of a request that was cancelled: the budget pays for that alone. */
  public void crossed(long length) {
    long unused = Math.max(0, extra - length);
    budget.giveBack(unused);
    extra -= unused;
  }

  private void late(Request request, long now, List<HedgeAction> actions) {
    int next = next(now, true);
    if (next < 0) {
      again = next(now, false) < 0 ? Long.MAX_VALUE : again(request, now);
    } else if (health(request).breaker().look(now) != RegionBreaker.Pass.CLOSED) {
      running.remove(request);
      end(request, now, true);
      actions.add(new Cancel(request.number));
      ask(next, now, actions);
    } else if (budget.take(bytes)) {
      hedge = requests;
      paid++;
      extra += bytes;
      ask(next, now, actions);
    } else if (seconds(request, now) >= SILENT * lateSeconds(request)
        && health(request).breaker().enterScout(request.since, now)) {
      scout = request;
      hedge = requests;
      ask(next, now, actions);
    } else {
      again = again(request, now);
    }
  }

  private static long again(Request request, long now) {
    return now + Math.max(MIN_AGAIN_NANOS, (long) ((now - request.since) * AGAIN));
  }

  private List<HedgeAction> afterLoss(List<HedgeAction> actions, long now) {
    int next = next(now, false);
    if (!running.isEmpty()) {
      setDue();
    } else if (next >= 0) {
      ask(next, now, actions);
    } else {
      return ended(actions, new GiveUp(), now);
    }
    return actions;
  }

  private void ask(int replica, long now, List<HedgeAction> actions) {
    asked[replica] = true;
    boolean probe = replicas.get(replica).health().breaker().enter(now) == RegionBreaker.Pass.PROBE;
    Request request = new Request(requests++, replica, now, probe);
    running.add(request);
    actions.add(new Ask(request.number, replica));
    again = Long.MIN_VALUE;
    setDue();
  }

  /**
   * Returns the next replica; -1 if none is left. Regions that do not answer come last.
   *
   * @param closed whether only regions that answer are good enough
   */
  private int next(long now, boolean closed) {
    int other = -1;
    for (int i = 0; i < asked.length; i++) {
      if (!asked[i]) {
        RegionBreaker.Pass pass = replicas.get(i).health().breaker().look(now);
        if (pass == RegionBreaker.Pass.CLOSED || (!closed && pass == RegionBreaker.Pass.PROBE)) {
          return i;
        }
        other = other < 0 ? i : other;
      }
    }
    return closed ? -1 : other;
  }

  /** Learns from a request that was cancelled. */
  private void end(Request request, long now, boolean overtaken) {
    RegionHealth health = health(request);
    health.observeAtLeast(seconds(request, now), expected(request));
    if (overtaken) {
      health.breaker().failed(now, request.probe);
    } else {
      health.breaker().abandoned(request.probe);
    }
  }

  private void endScout(boolean answered, long now) {
    if (scout != null) {
      health(scout).breaker().scouted(scout.since, answered, now);
      scout = null;
    }
  }

  private List<HedgeAction> ended(List<HedgeAction> actions, HedgeAction how, long now) {
    ended = true;
    endScout(false, now);
    running.clear();
    due = Long.MAX_VALUE;
    actions.add(how);
    return actions;
  }

  private @Nullable Request remove(int number) {
    for (Request request : running) {
      if (request.number == number) {
        running.remove(request);
        return request;
      }
    }
    return null;
  }

  private RegionHealth health(Request request) {
    return replicas.get(request.replica).health();
  }

  private double expected(Request request) {
    return replicas.get(request.replica).seconds();
  }

  private static double seconds(Request request, long now) {
    return (now - request.since) / NANOS;
  }

  private long lateAt(Request request) {
    double nanos = lateSeconds(request) * NANOS;
    return Math.max(again, request.since + (long) Math.min(nanos, Long.MAX_VALUE / 4.0));
  }

  private double lateSeconds(Request request) {
    return health(request).late(expected(request)) * expected(request);
  }

  private void setDue() {
    due = Long.MAX_VALUE;
    for (Request request : running) {
      due = Math.min(due, request.since + rules.patienceNanos(bytes));
    }
    if (running.size() == 1) {
      due = Math.min(due, lateAt(running.get(0)));
    }
  }
}
