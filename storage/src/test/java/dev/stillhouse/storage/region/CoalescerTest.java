package dev.stillhouse.storage.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoalescerTest {
  private static final Topology TOPOLOGY = Topology.bundled();
  private static final int IN_FLIGHT = Link.IN_FLIGHT;

  private static final int LISTS = 200;

  /** Share by which plans may cost more than the least that any could: one list, and the mean. */
  private static final double MOST_ABOVE = 0.25;

  private static final double MOST_MEAN = 0.03;

  @Test
  void rangesThatTouchAreOneRequest() {
    Link link = TOPOLOGY.link("nrt", "fra");
    List<ByteRange> ranges = List.of(new ByteRange(10, 5), new ByteRange(0, 10));
    ReadPlan plan = ReadPlan.of(ranges, link, Policy.TIME, IN_FLIGHT);
    assertEquals(List.of(new ByteRange(0, 15)), plan.requests());
  }

  @Test
  void moneyReadsThroughGapsThatCostLessThanARequest() {
    Link link = TOPOLOGY.link("nrt", "fra"); // 4e-7 dollars a request, 0.02 a GB: 20 kB
    assertEquals(20_000, Policy.DOLLARS.breakEven(link, IN_FLIGHT), 1e-6);
    assertEquals(1, requests(link, Policy.DOLLARS, 19_900));
    assertEquals(2, requests(link, Policy.DOLLARS, 20_100));
  }

  @Test
  void fewRangesGoSideBySideWhereTimeCounts() {
    assertEquals(2, requests(TOPOLOGY.link("nrt", "fra"), Policy.TIME, 1));
  }

  private static int requests(Link link, Policy policy, int gap) {
    List<ByteRange> ranges = List.of(new ByteRange(0, 9), new ByteRange(9 + gap, 9));
    return ReadPlan.of(ranges, link, policy, IN_FLIGHT).requests().size();
  }

  @Test
  void aLongRangeFillsTheLink() {
    Link link = TOPOLOGY.link("nrt", "fra");
    ByteRange whole = new ByteRange(7, 256 << 20);
    ReadPlan plan = ReadPlan.of(List.of(whole), link, Policy.TIME, IN_FLIGHT);
    assertEquals(IN_FLIGHT, plan.requests().size());
    assertEquals(whole.length(), plan.bytes());
    assertEquals(
        1,
        ReadPlan.of(List.of(whole), link, Policy.DOLLARS, IN_FLIGHT).requests().size(),
        "whom time costs nothing, a piece more is a request more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"time", "dollars", "0.05", "1", "20"})
  void noPlanCostsMuchMoreThanTheLeast(String name) {
    Policy policy = Policy.parse(name);
    Random random = new Random(name.hashCode());
    double sum = 0;
    for (int list = 0; list < LISTS; list++) {
      List<ByteRange> ranges = ranges(random, 1 + random.nextInt(60));
      Link link = list % 2 == 0 ? TOPOLOGY.link("nrt", "fra") : TOPOLOGY.link("lon", "iad");
      ReadPlan plan = ReadPlan.of(ranges, link, policy, IN_FLIGHT);
      double cost = policy.cost(plan.seconds(link, IN_FLIGHT), plan.dollars(link));
      double above = cost / least(ranges, link, policy) - 1;
      assertTrue(above > -1e-9 && above <= MOST_ABOVE, "list " + list + ": " + above);
      sum += above;
    }
    assertTrue(sum / LISTS <= MOST_MEAN, "mean " + sum / LISTS);
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

  /**
   * The least that any way of merging neighbours and cutting pieces could cost: the fewest bytes of
   * each number of runs, by a dynamic program over the ranges, and over all numbers of pieces the
   * time that no schedule of them can beat. What goes out all at once takes as long as its longest
   * request: how short that can be is another program over the ranges.
   */
  private static double least(List<ByteRange> ranges, Link link, Policy policy) {
    int many = ranges.size();
    long[][] bytes = new long[many + 1][many + 1]; // of the first i ranges in n runs
    for (long[] row : bytes) {
      Arrays.fill(row, Long.MAX_VALUE / 2);
    }
    bytes[0][0] = 0;
    for (int i = 1; i <= many; i++) {
      for (int from = 0; from < i; from++) {
        long run = ranges.get(i - 1).end() - ranges.get(from).offset();
        for (int n = 1; n <= i; n++) {
          bytes[i][n] = Math.min(bytes[i][n], bytes[from][n - 1] + run);
        }
      }
    }
    double wait = link.roundTripSeconds() + link.firstByteSeconds();
    double atOnce = wait + shortestLongest(ranges) / link.bytesPerSecond();
    double least = Double.POSITIVE_INFINITY;
    for (int runs = 1; runs <= many; runs++) {
      long all = bytes[many][runs];
      for (int pieces = runs; pieces <= Math.max(runs, IN_FLIGHT); pieces++) {
        int slots = Math.min(pieces, IN_FLIGHT);
        double seconds = (pieces * wait + (double) all / link.bytesPerSecond()) / slots;
        seconds = Math.max(seconds, (double) all / link.machineBytesPerSecond());
        int waves = (pieces + slots - 1) / slots;
        seconds = Math.max(seconds, waves == 1 ? atOnce : waves * wait);
        least = Math.min(least, policy.cost(seconds, link.dollars(pieces, (double) all)));
      }
    }
    return least;
  }

  /** Bytes of the longest request, the shortest that it can be if all are in flight at once. */
  private static double shortestLongest(List<ByteRange> ranges) {
    long low = 1;
    long high = ranges.get(ranges.size() - 1).end();
    while (low < high) {
      long middle = (low + high) / 2;
      if (fewest(ranges, middle) <= IN_FLIGHT) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return (double) low;
  }

  /** The fewest requests none of which is longer than {@code most} bytes. */
  private static long fewest(List<ByteRange> ranges, long most) {
    long[] fewest = new long[ranges.size() + 1];
    for (int i = 1; i < fewest.length; i++) {
      fewest[i] = Long.MAX_VALUE;
      for (int from = 0; from < i; from++) {
        long run = ranges.get(i - 1).end() - ranges.get(from).offset();
        fewest[i] = Math.min(fewest[i], fewest[from] + (run + most - 1) / most);
      }
    }
    return fewest[ranges.size()];
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
    ReadPlan plan = ReadPlan.of(ranges, link, Policy.TIME, IN_FLIGHT);
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
