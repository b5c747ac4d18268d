package dev.stillhouse.storage.replica.hedge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.replica.hedge.HedgeAction.Ask;
import dev.stillhouse.storage.replica.hedge.HedgeAction.Cancel;
import dev.stillhouse.storage.replica.hedge.HedgeAction.GiveUp;
import dev.stillhouse.storage.replica.hedge.HedgeAction.Take;
import dev.stillhouse.storage.replica.hedge.HedgedRead.Replica;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The state of one read: what it does, and what it never does. */
class HedgedReadTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int BYTES = 1_000;
  private static final HedgeRules RULES = HedgeRules.DEFAULT;

  private final HedgeBudget budget = new HedgeBudget(RULES.share(), RULES.burst());
  private final RegionHealth near = known();
  private final RegionHealth far = known();

  /** Returns a region whose reads took what was expected. */
  private static RegionHealth known() {
    RegionHealth health = new RegionHealth(RULES);
    for (int i = 0; i < 100; i++) {
      health.observe(1, 1);
    }
    return health;
  }

  private HedgedRead read() {
    return new HedgedRead(List.of(new Replica(near, 1), new Replica(far, 2)), BYTES, RULES, budget);
  }

  @Test
  void anAnswerInTimeIsTaken() {
    HedgedRead read = read();
    assertEquals(List.of(new Ask(0, 0)), read.start(0));
    assertEquals(List.of(), read.tick(SECOND));
    assertEquals(List.of(new Take(0)), read.answered(0, SECOND));
    assertTrue(read.isEnded());
    assertEquals(Long.MAX_VALUE, read.due());
  }

  @Test
  void aLateReadIsAskedOfTheNextAndTheFirstAnswerWins() {
    HedgedRead read = read();
    var unused = read.start(0);
    long late = read.due();
    assertTrue(late > SECOND && late < 1.05 * SECOND, "late at " + late);
    assertEquals(List.of(new Ask(1, 1)), read.tick(late));
    assertEquals(1, read.hedge());
    assertEquals(List.of(), read.tick(late + SECOND), "no third one");
    assertEquals(List.of(new Cancel(0), new Take(1)), read.answered(1, late + 2 * SECOND));
    assertEquals(List.of(), read.answered(0, late + 3 * SECOND));
    assertEquals(List.of(), read.failed(0, false, late + 3 * SECOND));
  }

  @Test
  void whatDidNotCrossIsGivenBack() {
    double before = budget.bytes();
    HedgedRead read = read();
    var unused = read.start(0);
    assertEquals(List.of(new Ask(1, 1)), read.tick(read.due()));
    assertFalse(read.answered(0, 2 * SECOND).isEmpty());
    read.crossed(300);
    assertEquals(before - 300, budget.bytes(), 1e-6);
  }

  @Test
  void withoutBudgetItWaitsAndLooksAgain() {
    assertTrue(budget.take(BYTES));
    HedgedRead read = read();
    var unused = read.start(0);
    long late = read.due();
    assertEquals(List.of(), read.tick(late));
    long again = read.due();
    assertTrue(again > late && again < 2 * late, "again at " + again);
    for (int i = 0; i < 50; i++) {
      budget.earn(BYTES);
    }
    assertEquals(List.of(new Ask(1, 1)), read.tick(again));
  }

  @Test
  void aFailureIsFollowedByTheNextReplicaAndTheLastByTheEnd() {
    HedgedRead read = read();
    var unused = read.start(0);
    assertEquals(List.of(new Ask(1, 1)), read.failed(0, false, 5));
    assertEquals(List.of(new GiveUp()), read.failed(1, false, 9));
    assertTrue(read.isEnded());
  }

  @Test
  void aFailureWhileTheOtherIsUnderWayWaitsForIt() {
    HedgedRead read = read();
    var unused = read.start(0);
    assertEquals(List.of(new Ask(1, 1)), read.tick(read.due()));
    assertEquals(List.of(), read.failed(0, false, 2 * SECOND));
    assertEquals(List.of(new Take(1)), read.answered(1, 3 * SECOND));
  }

  @Test
  void aRequestThatNeverEndsIsGivenUpAtItsPatience() {
    assertTrue(budget.take(BYTES));
    HedgedRead read = read();
    var unused = read.start(0);
    long end = RULES.patienceNanos(BYTES);
    assertEquals(List.of(new Cancel(0), new Ask(1, 1)), read.tick(end));
    assertEquals(List.of(new Cancel(1), new GiveUp()), read.tick(2 * end));
  }

  @Test
  void whereARegionHasStoppedALateReadMovesWithoutBudget() {
    assertTrue(budget.take(BYTES));
    HedgedRead read = read();
    var unused = read.start(0);
    for (int i = 0; i < RegionBreaker.FAILURES; i++) {
      near.breaker().failed(SECOND / 2, false);
    }
    assertEquals(List.of(new Cancel(0), new Ask(1, 1)), read.tick(read.due()));
    assertEquals(-1, read.hedge());
    assertEquals(List.of(new Ask(0, 1)), read().start(SECOND), "the next begins there");
  }

  @Test
  void aSilentRegionIsFoundOutByOneReadWithoutBudget() {
    assertTrue(budget.take(BYTES));
    HedgedRead read = read();
    HedgedRead other = read();
    var unused = read.start(0);
    var unusedToo = other.start(0);
    long late = read.due();
    assertEquals(List.of(), read.tick(late));
    assertEquals(List.of(new Ask(1, 1)), read.tick(4 * SECOND));
    assertEquals(List.of(), other.tick(4 * SECOND), "one at a time");
    assertEquals(List.of(new Cancel(0), new Take(1)), read.answered(1, 5 * SECOND));
    assertEquals(RegionBreaker.Pass.OPEN, near.breaker().look(5 * SECOND));
    assertEquals(List.of(new Cancel(0), new Ask(1, 1)), other.tick(6 * SECOND));
  }

  @Test
  void aRegionThatAnswersOthersIsNotSilent() {
    assertTrue(budget.take(BYTES));
    HedgedRead read = read();
    HedgedRead other = read();
    var unused = read.start(0);
    var unusedToo = other.start(0);
    assertEquals(List.of(new Take(0)), other.answered(0, SECOND));
    assertEquals(List.of(), read.tick(4 * SECOND));
  }

  @Test
  void whenAllIsSlowThePercentileMovesAndHedgingStops() {
    int hedges = 0;
    for (int i = 0; i < 1_000; i++) {
      HedgedRead read = read();
      long start = i * 100L * SECOND;
      var unused = read.start(start);
      if (read.due() < start + 10 * SECOND) {
        hedges += read.tick(read.due()).size();
      }
      assertFalse(read.answered(0, start + 10 * SECOND).isEmpty());
    }
    assertTrue(hedges >= 1 && hedges <= 3, hedges + " hedges");
  }

  @Test
  void cancellingEndsAllRequests() {
    HedgedRead read = read();
    var unused = read.start(0);
    assertEquals(List.of(new Ask(1, 1)), read.tick(read.due()));
    assertEquals(List.of(new Cancel(0), new Cancel(1), new GiveUp()), read.cancel(2 * SECOND));
    assertEquals(List.of(), read.cancel(2 * SECOND));
    assertEquals(List.of(), read.answered(0, 3 * SECOND));
  }

  /** Any order of events: one end, two requests at most, each replica once, a budget that holds. */
  @Property(tries = 2_000)
  void anyOrderOfEventsEndsOnce(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int replicas,
      @ForAll @IntRange(min = 1, max = 30) int reads) {
    Random random = new Random(seed);
    List<RegionHealth> regions = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      regions.add(random.nextBoolean() ? known() : new RegionHealth(RULES));
    }
    HedgeBudget shared = new HedgeBudget(0.1, 3);
    long now = 0;
    int hedges = 0;
    long extra = 0;
    for (int r = 0; r < reads; r++) {
      HedgedRead read =
          new HedgedRead(
              regions.stream().map(region -> new Replica(region, 0.1)).toList(),
              BYTES,
              RULES,
              shared);
      Watch watch = new Watch(read, shared);
      watch.did(read.start(now));
      while (!read.isEnded()) {
        assertFalse(watch.running.isEmpty(), "a read that has not ended waits for something");
        assertTrue(read.due() < Long.MAX_VALUE, "and not without end");
        now += (long) (random.nextDouble() * SECOND / 4);
        watch.did(event(read, watch, random, now));
      }
      watch.did(read.tick(now + 100 * SECOND));
      for (int request = 0; request < replicas; request++) {
        watch.did(read.answered(request, now));
        watch.did(read.failed(request, false, now));
      }
      watch.did(read.cancel(now));
      assertEquals(1, watch.ends);
      hedges += read.paid();
      extra += (long) read.paid() * BYTES / 2;
    }
    assertTrue(hedges <= 1 + 0.1 * reads, hedges + " of " + reads);
    assertTrue(extra <= HedgeBudget.FIRST_BYTES + 0.1 * BYTES * reads, extra + " bytes");
  }

  private static List<HedgeAction> event(HedgedRead read, Watch watch, Random random, long now) {
    int request = watch.running.get(random.nextInt(watch.running.size()));
    return switch (random.nextInt(9)) {
      case 0, 1 -> read.answered(request, now);
      case 2 -> read.failed(request, random.nextBoolean(), now);
      case 3 -> random.nextInt(5) == 0 ? read.cancel(now) : List.of();
      case 4 -> read.tick(now + 100 * SECOND);
      default -> read.tick(Math.max(now, Math.min(read.due(), now + SECOND)));
    };
  }

  /** Watches what a read does. */
  private static final class Watch {
    final HedgedRead read;
    final HedgeBudget budget;
    final List<Integer> running = new ArrayList<>();
    final Set<Integer> replicas = new HashSet<>();
    int ends;

    Watch(HedgedRead read, HedgeBudget budget) {
      this.read = read;
      this.budget = budget;
    }

    void did(List<HedgeAction> actions) {
      assertTrue(ends == 0 || actions.isEmpty(), "behind the end: " + actions);
      for (HedgeAction action : actions) {
        assertEquals(0, ends, "the end is the last: " + actions);
        if (action instanceof Ask ask) {
          assertTrue(replicas.add(ask.replica()), "asked again: " + ask);
          running.add(ask.request());
        } else if (action instanceof Cancel cancel) {
          assertTrue(running.remove((Integer) cancel.request()), "not running: " + cancel);
          read.crossed(BYTES / 2);
        } else {
          ends++;
        }
      }
      assertEquals(ends == 1, read.isEnded());
      assertTrue(running.size() <= 2, "under way: " + running);
      assertTrue(budget.requests() >= 0 && budget.bytes() >= 0, "overdrawn");
      // Those that have answered or failed are not under way.
      running.removeIf(request -> !read.isEnded() && !read.isRunning(request));
    }
  }
}
