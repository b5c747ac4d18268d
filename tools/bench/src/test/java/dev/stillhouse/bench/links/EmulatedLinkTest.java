package dev.stillhouse.bench.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.ReadPlan;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Times of the emulator, by closed forms and by hand. */
class EmulatedLinkTest {
  private static final double NANOSECOND = 1e-9;

  private static Link link(double rate, double all) {
    return new Link("here", "there", 0.100, 0.020, rate, all, 0, 0);
  }

  private final VirtualTime time = new VirtualTime();
  private final EmulatedNetwork network = new EmulatedNetwork(time);

  private EmulatedLink emulated(double rate, double all, Spell... spells) {
    return new EmulatedLink(network, link(rate, all), LinkFaults.seed(1).with(spells));
  }

  /** Sends a request after some seconds; its end in seconds is put in its place of the list. */
  private void send(EmulatedLink link, double after, long bytes, List<Double> ends) {
    int place = ends.size();
    ends.add(Double.NaN);
    time.after(
        VirtualTime.nanos(after),
        () -> {
          Transfer transfer = link.send(bytes);
          var unused =
              transfer
                  .arrived()
                  .whenComplete(
                      (n, e) -> ends.set(place, e == null ? time.seconds() : -time.seconds()));
        });
  }

  private static void assertEnds(List<Double> ends, double... expected) {
    assertEquals(expected.length, ends.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], ends.get(i), 10 * NANOSECOND, "request " + i + " of " + ends);
    }
  }

  @Test
  void aRequestTakesItsWaitAndItsBytes() {
    List<Double> ends = new ArrayList<>();
    send(emulated(1e6, Double.POSITIVE_INFINITY), 0, 500_000, ends);
    time.runUntilIdle();
    assertEnds(ends, 0.120 + 0.5);
  }

  /**
   * Two requests of 1 MB/s share 1.5 MB/s: the later one halves it, and takes over what is left.
   */
  @Test
  void aFullLinkIsSharedFairly() {
    List<Double> ends = new ArrayList<>();
    EmulatedLink link = emulated(1e6, 1.5e6);
    send(link, 0, 1_000_000, ends);
    send(link, 0.5, 1_000_000, ends);
    time.runUntilIdle();
    // Alone until 0.62 (500,000 bytes), then 0.75 MB/s each until the first has its 1,000,000.
    double first = 0.62 + 500_000 / 0.75e6;
    assertEnds(ends, first, first + 500_000 / 1e6);
  }

  /** Max-min: what a slow request cannot use, the others get. */
  @Test
  void aSlowRequestLeavesItsShareToOthers() {
    EmulatedNetwork machine = new EmulatedNetwork(time, 1.2e6);
    EmulatedLink slow = new EmulatedLink(machine, link(0.2e6, 9e6), LinkFaults.NONE);
    EmulatedLink fast = new EmulatedLink(machine, link(2e6, 9e6), LinkFaults.NONE);
    List<Double> ends = new ArrayList<>();
    send(slow, 0, 1_000_000, ends);
    send(fast, 0, 1_000_000, ends);
    send(fast, 0, 1_000_000, ends);
    time.runUntilIdle();
    assertEnds(ends, 0.12 + 5, 0.12 + 2, 0.12 + 2);
  }

  /** What a plan's formula says, its requests take, in slots and below the machine's rate. */
  @Property(tries = 200)
  void aPlanTakesWhatItsFormulaSays(
      @ForAll @IntRange(min = 1, max = 40) int requests,
      @ForAll @IntRange(min = 1, max = 12) int inFlight,
      @ForAll long seed) {
    VirtualTime clock = new VirtualTime();
    Link figures = link(1e6, Double.POSITIVE_INFINITY);
    EmulatedLink link = new EmulatedLink(new EmulatedNetwork(clock), figures, LinkFaults.NONE);
    ReadPlan plan = Plans.random(requests, seed);
    double end = Plans.run(clock, link, plan, inFlight);
    assertEquals(plan.seconds(figures, inFlight), end, requests * NANOSECOND);
  }

  /** With a full link, all at once: the wait, then all bytes at the machine's rate. */
  @Test
  void aFullLinkTakesAllBytesAtItsRate() {
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      ranges.add(new ByteRange(2_000_000L * i, 1_000_000));
    }
    ReadPlan plan = new ReadPlan(ImmutableList.copyOf(ranges));
    assertEquals(0.12 + 64 / 10.0, Plans.run(time, emulated(1e6, 10e6), plan, 64), 64 * NANOSECOND);
  }

  @Test
  void aStragglerTakesAMultipleOfItsWholeTime() {
    LinkFaults all = LinkFaults.seed(7).withStragglers(1, 8, 40);
    EmulatedLink link = new EmulatedLink(network, link(1e6, 9e6), all);
    List<Double> ends = new ArrayList<>();
    send(link, 0, 100_000, ends);
    time.runUntilIdle();
    double factor = all.draw(0).factor();
    assertTrue(factor >= 8 && factor <= 40, "factor " + factor);
    assertEnds(ends, 0.22 * factor);
  }

  @Test
  void aBrownOutSlowsWhatIsUnderWay() {
    List<Double> ends = new ArrayList<>();
    EmulatedLink link = emulated(1e6, 9e6, Spell.slow(0.32, 1.32, 3, 0.1));
    send(link, 0, 1_000_000, ends); // 0.2 MB until 0.32, 0.1 MB until 1.32, 0.7 MB behind it.
    send(link, 0.5, 0, ends);
    time.runUntilIdle();
    assertEnds(ends, 1.32 + 0.7, 0.5 + 0.36);
  }

  @Test
  void aLinkThatStopsForEverAnswersNothingMore() {
    List<Double> ends = new ArrayList<>();
    EmulatedLink link = emulated(1e6, 9e6, Spell.silent(0.62, Double.POSITIVE_INFINITY));
    send(link, 0, 1_000_000, ends);
    send(link, 0.6, 10, ends);
    send(link, 0.7, 10, ends);
    time.runUntilIdle();
    assertEnds(ends, Double.NaN, Double.NaN, Double.NaN);
    assertEquals(3, link.crossings().open());
    assertEquals(2, link.crossings().charged());
  }

  @Test
  void aLinkThatComesBackGoesOnWithWhatWasUnderWay() {
    List<Double> ends = new ArrayList<>();
    EmulatedLink link = emulated(1e6, 9e6, Spell.silent(0.62, 10));
    send(link, 0, 1_000_000, ends);
    send(link, 0.6, 0, ends);
    send(link, 5, 0, ends);
    send(link, 10, 0, ends);
    time.runUntilIdle();
    assertEnds(ends, 10.5, 10, Double.NaN, 10.12);
  }

  @Test
  void aOneWayPartitionChargesAndNeverAnswers() {
    List<Double> ends = new ArrayList<>();
    EmulatedLink link = emulated(1e6, 9e6, Spell.oneWay(1, 2));
    send(link, 1, 10, ends);
    send(link, 2, 0, ends);
    time.runUntilIdle();
    assertEnds(ends, Double.NaN, 2.12);
    assertEquals(2, link.crossings().charged());
    assertEquals(1, link.crossings().open());
  }

  @Test
  void aRefusingLinkFailsWhatIsSentAndWhatIsUnderWay() {
    List<Double> ends = new ArrayList<>();
    EmulatedLink link = emulated(1e6, 9e6, Spell.refused(0.62, 10));
    send(link, 0, 1_000_000, ends);
    send(link, 1, 10, ends);
    time.runUntilIdle();
    assertEnds(ends, -0.62, -1.1);
    assertEquals(500_000, link.crossings().bytes());
    assertEquals(1, link.crossings().charged());
  }

  @Test
  void oneByteASecondIsARateToo() {
    List<Double> ends = new ArrayList<>();
    send(emulated(1e6, 9e6, Spell.slow(0, Double.POSITIVE_INFINITY, 1, 1e-6)), 0, 20, ends);
    time.runUntilIdle();
    assertEnds(ends, 0.12 + 20);
  }

  @Test
  void cancellingBooksWhatHasCrossed() {
    EmulatedLink link = emulated(1e6, 9e6);
    Transfer transfer = link.send(1_000_000);
    time.runUntil(VirtualTime.nanos(0.12 + 0.25));
    assertEquals(250_000, (double) transfer.crossed(), 1);
    transfer.cancel();
    time.runUntilIdle();
    assertTrue(transfer.arrived().isCancelled());
    assertEquals(250_000, (double) link.crossings().bytes(), 1);
    assertEquals(1, link.crossings().cancelled());
  }

  @Test
  void firstBytesThatVaryComeOutOfOrderAndAreNearTheirSource() {
    LinkFaults faults = LinkFaults.seed(5).withSpread(LinkFaults.TYPICAL_SPREAD);
    double[] waits = new double[20_000];
    boolean inOrder = true;
    for (int i = 0; i < waits.length; i++) {
      waits[i] = faults.draw(i).waits();
      inOrder &= i == 0 || waits[i] >= waits[i - 1];
    }
    assertFalse(inOrder);
    java.util.Arrays.sort(waits);
    assertEquals(1, waits[waits.length / 2], 0.05);
    assertEquals(80.0 / 30, waits[waits.length * 9 / 10], 0.2);
    assertEquals(200.0 / 30, waits[waits.length * 99 / 100], 0.7);
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    List<String> first = trace(3);
    assertTrue(first.size() >= 300, first.size() + " lines");
    assertEquals(first, trace(3));
    assertFalse(first.equals(trace(4)));
  }

  private static List<String> trace(long seed) {
    VirtualTime clock = new VirtualTime();
    EmulatedNetwork network = new EmulatedNetwork(clock);
    List<String> lines = new ArrayList<>();
    network.trace(lines::add);
    LinkFaults faults =
        LinkFaults.seed(seed)
            .withSpread(LinkFaults.TYPICAL_SPREAD)
            .withStragglers(0.05, 8, 40)
            .with(Spell.slow(1, 2, 4, 0.25), Spell.silent(3, 4));
    EmulatedLink link = new EmulatedLink(network, link(1e6, 5e6), faults);
    double unused = Plans.run(clock, link, Plans.random(100, 1), 16);
    return lines;
  }
}
