package dev.stillhouse.storage.replica.hedge;

import static com.google.common.base.Preconditions.checkArgument;

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
  private final HedgeOrder order;
  private final long bytes;
  private final HedgeRules rules;
  private final HedgeBudget budget;
  private final List<HedgeRequest> running = new ArrayList<>(2);
  private int requests;
  private long again = Long.MIN_VALUE;
  private long due = Long.MAX_VALUE;
  private int hedge = -1;
  private @Nullable HedgeRequest scout;
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

  /**
   * Creates a read that has not begun.
   *
   * @param replicas best first
   * @param bytes of the range
   */
  public HedgedRead(List<Replica> replicas, long bytes, HedgeRules rules, HedgeBudget budget) {
    checkArgument(!replicas.isEmpty(), "HedgedRead: no replica");
    this.order = new HedgeOrder(replicas);
    this.bytes = bytes;
    this.rules = rules;
    this.budget = budget;
  }

  /** Begins. */
  public List<HedgeAction> start(long now) {
    List<HedgeAction> actions = new ArrayList<>();
    budget.earn(bytes);
    ask(order.next(now), now, actions);
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
    return running.stream().anyMatch(request -> request.number() == number);
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
    HedgeRequest winner = remove(number);
    if (winner == null) {
      return List.of();
    }
    winner.answered(now);
    if (hedge >= 0 && !running.isEmpty()) {
      budget.settle(number == hedge);
    }
    endScout(number == hedge, now);
    List<HedgeAction> actions = new ArrayList<>();
    for (HedgeRequest loser : running) {
      loser.cancelled(loser.since() <= winner.since(), now);
      actions.add(new Cancel(loser.number()));
    }
    return ended(actions, new Take(number), now);
  }

  /**
   * Records that a request failed.
   *
   * @param reached whether the region answered, so that only this copy is wrong or missing
   */
  public List<HedgeAction> failed(int number, boolean reached, long now) {
    HedgeRequest request = remove(number);
    if (request == null) {
      return List.of();
    }
    request.failed(reached, now);
    return afterLoss(new ArrayList<>(), now);
  }

  /** Looks whether a request is late. Too early a call changes nothing. */
  public List<HedgeAction> tick(long now) {
    List<HedgeAction> actions = new ArrayList<>();
    for (HedgeRequest request : List.copyOf(running)) {
      if (now - request.since() >= rules.patienceNanos(bytes)) {
        actions.add(new Cancel(request.number()));
        running.remove(request);
        request.cancelled(true, now);
      }
    }
    if (!actions.isEmpty()) {
      return afterLoss(actions, now);
    }
    if (running.size() == 1 && now >= lookAt(running.get(0))) {
      late(running.get(0), now, actions);
    }
    setDue();
    return actions;
  }

  /** Ends the read, since its result is not needed. */
  public List<HedgeAction> cancel(long now) {
    List<HedgeAction> actions = new ArrayList<>();
    for (HedgeRequest request : running) {
      request.breaker().abandoned(request.probe());
      actions.add(new Cancel(request.number()));
    }
    return ended || requests == 0 ? List.of() : ended(actions, new GiveUp(), now);
  }

  /** Records what crossed of a request that was cancelled: the budget pays for that alone. */
  public void crossed(long length) {
    long unused = Math.max(0, extra - length);
    budget.giveBack(unused);
    extra -= unused;
  }

  private void late(HedgeRequest request, long now, List<HedgeAction> actions) {
    int next = order.nextThatAnswers(now);
    if (next < 0) {
      again = order.next(now) < 0 ? Long.MAX_VALUE : request.again(now);
    } else if (request.breaker().look(now) != RegionBreaker.Pass.CLOSED) {
      running.remove(request);
      request.cancelled(true, now);
      actions.add(new Cancel(request.number()));
      ask(next, now, actions);
    } else if (budget.take(bytes)) {
      hedge = requests;
      paid++;
      extra += bytes;
      ask(next, now, actions);
    } else if (request.scouts(now)) {
      scout = request;
      hedge = requests;
      ask(next, now, actions);
    } else {
      again = request.again(now);
    }
  }

  private List<HedgeAction> afterLoss(List<HedgeAction> actions, long now) {
    int next = order.next(now);
    if (!running.isEmpty()) {
      setDue();
    } else if (next >= 0) {
      ask(next, now, actions);
    } else {
      return ended(actions, new GiveUp(), now);
    }
    return actions;
  }

  private void ask(int number, long now, List<HedgeAction> actions) {
    Replica replica = order.ask(number);
    boolean probe = replica.health().breaker().enter(now) == RegionBreaker.Pass.PROBE;
    HedgeRequest request = new HedgeRequest(requests++, replica, now, probe);
    running.add(request);
    actions.add(new Ask(request.number(), number));
    again = Long.MIN_VALUE;
    setDue();
  }

  private void endScout(boolean answered, long now) {
    if (scout != null) {
      scout.breaker().scouted(scout.since(), answered, now);
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

  private @Nullable HedgeRequest remove(int number) {
    for (HedgeRequest request : running) {
      if (request.number() == number) {
        running.remove(request);
        return request;
      }
    }
    return null;
  }

  private long lookAt(HedgeRequest request) {
    return Math.max(again, request.lateAt());
  }

  private void setDue() {
    due = Long.MAX_VALUE;
    for (HedgeRequest request : running) {
      due = Math.min(due, request.since() + rules.patienceNanos(bytes));
    }
    if (running.size() == 1) {
      due = Math.min(due, lookAt(running.get(0)));
    }
  }
}
