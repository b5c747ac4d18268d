package dev.stillhouse.storage.replica.hedge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.replica.hedge.RegionBreaker.Pass;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** What all reads share: percentiles, budget, breakers. */
class HedgePartsTest {
  private static final double STEP = Math.pow(2, 1.0 / 16);

  @Property(tries = 100)
  void aPercentileIsAtMostAStepTooHigh(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 0.99) double share) {
    Random random = new Random(seed);
    LatencyPercentiles percentiles = new LatencyPercentiles(1e12);
    double[] all = new double[500];
    for (int i = 0; i < all.length; i++) {
      all[i] = Math.exp(random.nextGaussian());
      percentiles.observe(all[i]);
    }
    double found = percentiles.at(share);
    long upTo = Arrays.stream(all).filter(x -> x <= found).count();
    long below = Arrays.stream(all).filter(x -> x < found / STEP / 1.0001).count();
    double wanted = share * all.length;
    assertTrue(upTo > wanted - 0.5 && below < wanted + 0.5, found + " at " + share);
  }

  @Test
  void percentilesFollowTheNewestReads() {
    LatencyPercentiles percentiles = new LatencyPercentiles(100);
    for (int i = 0; i < 100_000; i++) {
      percentiles.observe(1);
    }
    assertEquals(STEP, percentiles.at(0.98), 1e-9);
    for (int i = 0; i < 3; i++) {
      percentiles.observe(10);
    }
    assertTrue(percentiles.at(0.98) >= 10, "after 3 % of slow ones");
    assertTrue(percentiles.at(0.5) < 2);
  }

  @Test
  void readsThatWereEndedEarlySayNothingAndThoseThatWereEndedLateCount() {
    RegionHealth health = new RegionHealth(HedgeRules.DEFAULT);
    for (int i = 0; i < 100; i++) {
      health.observe(1, 1);
      health.observeAtLeast(0.1, 1);
    }
    assertEquals(STEP, health.late(1), 1e-9);
    for (int i = 0; i < 5; i++) {
      health.observeAtLeast(7, 1);
    }
    assertTrue(health.late(1) >= 7);
  }

  @Test
  void shortAndLongReadsAreLateByThemselves() {
    RegionHealth health = new RegionHealth(HedgeRules.DEFAULT);
    assertEquals(HedgeRules.UNKNOWN, health.late(1));
    for (int i = 0; i < 100; i++) {
      health.observe(0.1, 0.1);
      health.observe(9, 3);
    }
    assertEquals(STEP, health.late(0.1), 1e-9);
    assertTrue(health.late(3) >= 3);
    assertTrue(health.late(100) >= 3, "none of that length: as all");
  }

  @Test
  void extremeValuesAreKeptInBounds() {
    LatencyPercentiles percentiles = new LatencyPercentiles(100);
    assertEquals(Double.POSITIVE_INFINITY, percentiles.at(0.5));
    percentiles.observe(0);
    percentiles.observe(Double.POSITIVE_INFINITY);
    assertTrue(percentiles.at(0.4) < 0.02 && percentiles.at(0.9) > 4000);
  }

  @Test
  void aBudgetIsAShareOfWhatWasReadAndSavesUpToItsBound() {
    HedgeBudget budget = new HedgeBudget(0.02, 8);
    assertTrue(budget.take(1000));
    assertFalse(budget.take(1000), "one at the start");
    for (int i = 0; i < 50; i++) {
      budget.earn(1000);
    }
    assertTrue(budget.take(1000));
    assertFalse(budget.take(0));
    for (int i = 0; i < 100_000; i++) {
      budget.earn(10_000_000);
    }
    int taken = 0;
    while (budget.take(10_000_000)) {
      taken++;
    }
    assertEquals(8, taken);
  }

  @Test
  void bytesBoundItToo() {
    HedgeBudget budget = new HedgeBudget(0.02, 8);
    for (int i = 0; i < 1_000; i++) {
      budget.earn(10_000);
    }
    assertFalse(budget.take(2 << 20), "larger than all that was saved");
    assertTrue(budget.take(500_000));
    budget.giveBack(400_000);
    assertTrue(budget.take(900_000));
  }

  @Test
  void requestsThatDoNotWinCostMore() {
    HedgeBudget budget = new HedgeBudget(0.02, 8);
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      budget.earn(1000);
      if (budget.take(1000)) {
        taken++;
        budget.settle(false);
      }
    }
    assertTrue(taken > 40 && taken < 100, taken + " of 200");
    for (int i = 0; i < 1_000; i++) {
      budget.earn(1000);
      if (budget.take(1000)) {
        budget.settle(true);
      }
    }
    taken = 0;
    for (int i = 0; i < 10_000; i++) {
      budget.earn(1000);
      taken += budget.take(1000) ? 1 : 0;
    }
    assertTrue(taken >= 195, taken + " of 200");
  }

  @Test
  void noShareIsNoBudget() {
    HedgeBudget budget = new HedgeBudget(0, 0);
    budget.earn(1 << 30);
    assertFalse(budget.take(1));
  }

  @Test
  void failuresInARowOpenABreakerAndAProbeClosesIt() {
    RegionBreaker breaker = new RegionBreaker();
    long now = 5;
    breaker.failed(now, false);
    breaker.failed(now, false);
    breaker.succeeded(now);
    breaker.failed(now, false);
    breaker.failed(now, false);
    assertEquals(Pass.CLOSED, breaker.enter(now));
    breaker.failed(now, false);
    assertEquals(Pass.OPEN, breaker.enter(now));
    now += RegionBreaker.FIRST_PAUSE;
    assertEquals(Pass.PROBE, breaker.enter(now));
    assertEquals(Pass.OPEN, breaker.enter(now), "one at a time");
    breaker.succeeded(now);
    assertEquals(Pass.CLOSED, breaker.enter(now));
  }

  @Test
  void theProbesPauseDoublesToItsBound() {
    RegionBreaker breaker = new RegionBreaker();
    for (int i = 0; i < RegionBreaker.FAILURES; i++) {
      breaker.failed(0, false);
    }
    long now = RegionBreaker.FIRST_PAUSE;
    for (int i = 0; i < 10; i++) {
      assertEquals(Pass.PROBE, breaker.enter(now));
      breaker.failed(now, false); // An older read: the probe is still out.
      assertEquals(Pass.OPEN, breaker.look(now));
      breaker.failed(now, true);
      long pause = Math.min(RegionBreaker.MAX_PAUSE, RegionBreaker.FIRST_PAUSE << (i + 1));
      assertEquals(Pass.OPEN, breaker.look(now + pause - 1));
      now += pause;
    }
    assertEquals(Pass.PROBE, breaker.enter(now));
    breaker.abandoned(true);
    assertEquals(Pass.PROBE, breaker.enter(now), "a probe without a word is sent again");
  }
}
