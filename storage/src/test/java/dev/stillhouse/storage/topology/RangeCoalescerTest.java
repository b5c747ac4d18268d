package dev.stillhouse.storage.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeCoalescerTest {
  private static final Topology TOPOLOGY = Topology.bundled();
  private static final int IN_FLIGHT = Link.IN_FLIGHT;

  private static final int LISTS = 200;

  /** Share by which plans may cost more than the least that any could: one list, and the mean. */
  private static final double MAX_ABOVE = 0.10;

  private static final double MAX_MEAN = 0.01;

  @Test
  void rangesThatTouchAreOneRequest() {
    Link link = TOPOLOGY.link("nrt", "fra");
    List<ByteRange> ranges = List.of(new ByteRange(10, 5), new ByteRange(0, 10));
    ReadPlan plan = ReadPlan.of(ranges, link, CostPolicy.TIME, IN_FLIGHT);
    assertEquals(List.of(new ByteRange(0, 15)), plan.requests());
  }

  @Test
  void moneyReadsThroughGapsThatCostLessThanARequest() {
    Link link = TOPOLOGY.link("nrt", "fra"); // 4e-7 dollars a request, 0.02 a GB: 20 kB
    assertEquals(20_000, CostPolicy.DOLLARS.breakEven(link, IN_FLIGHT), 1e-6);
    assertEquals(1, requests(link, CostPolicy.DOLLARS, 19_900));
    assertEquals(2, requests(link, CostPolicy.DOLLARS, 20_100));
  }

  @Test
  void fewRangesGoSideBySideWhereTimeCounts() {
    assertEquals(2, requests(TOPOLOGY.link("nrt", "fra"), CostPolicy.TIME, 1));
  }

  private static int requests(Link link, CostPolicy policy, int gap) {
    List<ByteRange> ranges = List.of(new ByteRange(0, 9), new ByteRange(9 + gap, 9));
    return ReadPlan.of(ranges, link, policy, IN_FLIGHT).requests().size();
  }

  @Test
  void aLongRangeFillsTheLink() {
    Link link = TOPOLOGY.link("nrt", "fra");
    ByteRange whole = new ByteRange(7, 256 << 20);
    ReadPlan plan = ReadPlan.of(List.of(whole), link, CostPolicy.TIME, IN_FLIGHT);
    assertEquals(IN_FLIGHT, plan.requests().size());
    assertEquals(whole.length(), plan.bytes());
    assertEquals(
        1,
        ReadPlan.of(List.of(whole), link, CostPolicy.DOLLARS, IN_FLIGHT).requests().size(),
        "whom time costs nothing, a piece more is a request more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"time", "dollars", "0.05", "1", "20"})
  void noPlanCostsMuchMoreThanTheLeast(String name) {
    CostPolicy policy = CostPolicy.parse(name);
    Random random = new Random(name.hashCode());
    double sum = 0;
    for (int list = 0; list < LISTS; list++) {
      List<ByteRange> ranges = ranges(random, 1 + random.nextInt(60));
      Link link = list % 2 == 0 ? TOPOLOGY.link("nrt", "fra") : TOPOLOGY.link("lon", "iad");
      ReadPlan plan = ReadPlan.of(ranges, link, policy, IN_FLIGHT);
      double cost = cost(plan, link, policy, IN_FLIGHT);
      double above = cost / LeastPlan.cost(ranges, link, policy, IN_FLIGHT) - 1;
      assertTrue(above > -1e-9 && above <= MAX_ABOVE, "list " + list + ": " + above);
      sum += above;
    }
    assertTrue(sum / LISTS <= MAX_MEAN, "mean " + sum / LISTS);
  }

  /** Some lie close together, some far apart, as pages of columns of random sequences do. */
  private static List<ByteRange> ranges(Random random, int many) {
    List<ByteRange> ranges = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < many; i++) {
      int length = 1 + (int) Math.exp(random.nextDouble() * Math.log(4 << 20));
      ranges.add(new ByteRange(at, length));
      at += length + 1 + (long) Math.exp(random.nextDouble() * Math.log(1 << 26));
    }
    return ranges;
  }

  /** Every way to merge neighbours and to cut runs evenly, for few slots, by its real cost. */
  @ParameterizedTest
  @ValueSource(strings = {"time", "dollars", "1", "20"})
  void noPlanOfFewRangesCostsMuchMoreThanTheBest(String name) {
    CostPolicy policy = CostPolicy.parse(name);
    Random random = new Random(name.hashCode());
    int slots = 4;
    for (int list = 0; list < LISTS / 4; list++) {
      List<ByteRange> ranges = ranges(random, 1 + random.nextInt(5));
      Link link = list % 2 == 0 ? TOPOLOGY.link("nrt", "fra") : TOPOLOGY.link("lon", "iad");
      double best = best(ranges, 0, new ArrayList<>(), link, policy, slots);
      double found = cost(ReadPlan.of(ranges, link, policy, slots), link, policy, slots);
      assertTrue(found <= best * (1 + MAX_ABOVE), "list " + list + ": " + found / best);
      double bound = LeastPlan.cost(ranges, link, policy, slots);
      assertTrue(bound <= best * (1 + 1e-9), "list " + list + ": the bound is none");
    }
  }

  private static double best(
      List<ByteRange> ranges,
      int from,
      List<ByteRange> requests,
      Link link,
      CostPolicy policy,
      int slots) {
    if (from == ranges.size()) {
      return cost(new ReadPlan(ImmutableList.copyOf(requests)), link, policy, slots);
    }
    double best = Double.POSITIVE_INFINITY;
    for (int end = from; end < ranges.size(); end++) {
      long start = ranges.get(from).offset();
      long length = ranges.get(end).end() - start;
      for (int parts = 1; parts <= slots; parts++) {
        List<ByteRange> more = new ArrayList<>(requests);
        for (int i = 0; i < parts; i++) {
          long at = length * i / parts;
          more.add(new ByteRange(start + at, (int) (length * (i + 1) / parts - at)));
        }
        best = Math.min(best, best(ranges, end + 1, more, link, policy, slots));
      }
    }
    return best;
  }

  private static double cost(ReadPlan plan, Link link, CostPolicy policy, int slots) {
    return policy.cost(plan.seconds(link, slots), plan.dollars(link));
  }

  /** Requests hold every wanted byte once, whatever the policy. */
  @Property(tries = 100)
  void aPlanHoldsAllThatIsWanted(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int many) {
    List<ByteRange> ranges = ranges(new Random(seed), many);
    for (CostPolicy policy :
        List.of(CostPolicy.TIME, CostPolicy.DOLLARS, CostPolicy.dollarsPerHour(20))) {
      ReadPlan plan = ReadPlan.of(ranges, TOPOLOGY.link("nrt", "fra"), policy, IN_FLIGHT);
      long end = 0;
      for (ByteRange request : plan.requests()) {
        assertTrue(request.offset() >= end && request.length() > 0, "in order, none twice");
        end = request.end();
      }
      for (ByteRange range : ranges) {
        long held =
            plan.requests().stream()
                .mapToLong(
                    r -> Math.min(r.end(), range.end()) - Math.max(r.offset(), range.offset()))
                .filter(bytes -> bytes > 0)
                .sum();
        assertEquals(range.length(), held);
      }
    }
  }

  @Property(tries = 200)
  void whatIsPickedAreTheBytesThatWereAskedFor(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int many) {
    Random random = new Random(seed);
    byte[] blob = new byte[4 << 10];
    random.nextBytes(blob);
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      int from = random.nextInt(blob.length);
      ranges.add(new ByteRange(from, random.nextInt(blob.length - from + 1)));
    }
    Collections.shuffle(ranges, random);
    Link link = TOPOLOGY.link("iad", "iad");
    ReadPlan plan = ReadPlan.of(ranges, link, CostPolicy.TIME, IN_FLIGHT);
    List<ByteBuffer> fetched =
        plan.requests().stream()
            .map(r -> ByteBuffer.wrap(blob, (int) r.offset(), r.length()).slice())
            .toList();
    for (ByteRange range : ranges) {
      assertEquals(
          ByteBuffer.wrap(blob, (int) range.offset(), range.length()), plan.pick(range, fetched));
    }
  }
}
