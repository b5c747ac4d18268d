package dev.stillhouse.bench.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.replica.hedge.HedgeRules;
import dev.stillhouse.storage.topology.Topology;
import org.junit.jupiter.api.Test;

/** Hedged reads over emulated links: what holds whatever the faults are. */
class HedgeRunTest {
  private static final Topology TOPOLOGY = Topology.bundled();
  private static final int BYTES = 1 << 20;
  private static final int READS = 5_000;
  private static final LinkFaults STRAGGLERS =
      LinkFaults.seed(1).withSpread(LinkFaults.TYPICAL_SPREAD).withStragglers(0.01, 8, 40);

  private static HedgeRun run(LinkFaults first, LinkFaults second, HedgeRules rules) {
    return new HedgeRun(BYTES, BYTES, 32)
        .replica(TOPOLOGY.link("nrt", "iad"), first)
        .replica(TOPOLOGY.link("nrt", "fra"), second.seeded(2))
        .run(READS, rules);
  }

  @Test
  void lateReadsComeSoonerWithinTheBudget() {
    HedgeRun without = run(STRAGGLERS, STRAGGLERS, HedgeRules.NEVER);
    HedgeRun with = run(STRAGGLERS, STRAGGLERS, HedgeRules.DEFAULT);
    assertTrue(
        without.percentile(0.999) / with.percentile(0.999) >= 5, with.percentile(0.999) + " s");
    assertTrue(with.requests() <= READS * 1.02 + 1, with.requests() + " requests");
    assertTrue(with.crossed() <= without.crossed() * 1.02, with.crossed() + " bytes");
    assertEquals(with.crossed(), with.booked());
    assertEquals(0, with.failures() + with.open());
  }

  @Test
  void theSameSeedGivesTheSameReads() {
    HedgeRun first = run(STRAGGLERS, STRAGGLERS, HedgeRules.DEFAULT);
    HedgeRun second = run(STRAGGLERS, STRAGGLERS, HedgeRules.DEFAULT);
    assertEquals(first.percentile(0.999), second.percentile(0.999));
    assertEquals(first.total(), second.total());
    assertEquals(first.requests(), second.requests());
  }

  @Test
  void answersOfWrongLengthsAreReadElsewhere() {
    HedgeRun run = run(STRAGGLERS.withWrongLengths(0.05), STRAGGLERS, HedgeRules.DEFAULT);
    assertEquals(0, run.failures() + run.open());
    assertTrue(run.requests() >= READS * 1.04, run.requests() + " requests");
  }

  @Test
  void aRegionThatGoesAwayForEverIsLeft() {
    LinkFaults gone = LinkFaults.seed(1).with(Spell.silent(2, Double.POSITIVE_INFINITY));
    HedgeRun run = run(gone, LinkFaults.NONE, HedgeRules.DEFAULT);
    assertEquals(0, run.failures() + run.open());
    assertTrue(run.percentile(1) < 10, run.percentile(1) + " s");
  }

  @Test
  void whenBothAreGoneEveryReadFailsAndNothingIsLeftOpen() {
    LinkFaults gone = LinkFaults.seed(1).with(Spell.silent(2, Double.POSITIVE_INFINITY));
    HedgeRun run = run(gone, gone, HedgeRules.DEFAULT);
    assertTrue(run.failures() > 0);
    assertEquals(0, run.open());
  }
}
