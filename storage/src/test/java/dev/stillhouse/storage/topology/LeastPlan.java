package dev.stillhouse.storage.topology;

import dev.stillhouse.storage.ByteRange;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * What no plan for some ranges can cost less than, by dynamic programs. Of plans whose requests all
 * go at once it is the cost of the best one: for each length that the longest request may have, the
 * fewest dollars over all ways to merge neighbours and to cut runs. Of longer plans it is a bound,
 * which schedules need not reach.
 */
public final class LeastPlan {
  private final List<ByteRange> ranges;
  private final Link link;
  private final CostPolicy policy;
  private final int inFlight;

  private LeastPlan(List<ByteRange> ranges, Link link, CostPolicy policy, int inFlight) {
    this.ranges = ranges;
    this.link = link;
    this.policy = policy;
    this.inFlight = inFlight;
  }

  /**
   * The least cost by {@code policy}. For benchmarks and tests: far too slow for reads.
   *
   * @param ranges ascending and disjoint
   */
  public static double cost(List<ByteRange> ranges, Link link, CostPolicy policy, int inFlight) {
    LeastPlan min = new LeastPlan(ranges, link, policy, inFlight);
    long[] lengths = min.lengths();
    int last = lengths.length - 1;
    double dollarsOfFirst = min.dollars(lengths[0]);
    double dollarsOfLast = min.dollars(lengths[last]);
    return Math.min(min.inTurn(), min.atOnce(lengths, 0, last, dollarsOfFirst, dollarsOfLast));
  }

  /** What the longest request may be: a run of ranges, or an even part of one. */
  private long[] lengths() {
    TreeSet<Long> lengths = new TreeSet<>();
    for (int i = 0; i < ranges.size(); i++) {
      for (int j = i; j < ranges.size(); j++) {
        for (int parts = 1; parts <= inFlight; parts++) {
          lengths.add((run(i, j) + parts - 1) / parts);
        }
      }
    }
    return lengths.stream().mapToLong(length -> length).toArray();
  }

  private long run(int first, int last) {
    return ranges.get(last).end() - ranges.get(first).offset();
  }

  private double wait(int requestsInTurn) {
    return requestsInTurn * (link.roundTripSeconds() + link.firstByteSeconds());
  }

  private double seconds(long longest) {
    return policy.perSecond() * (wait(1) + (double) longest / link.bytesPerSecond());
  }

  /** Dollars only fall with the length: between two lengths of equal dollars none is better. */
  private double atOnce(long[] lengths, int low, int high, double ofLow, double ofHigh) {
    double min = Math.min(ofLow + seconds(lengths[low]), ofHigh + seconds(lengths[high]));
    if (high - low <= 1 || ofLow == ofHigh) {
      return min;
    }
    int middle = (low + high) >>> 1;
    double ofMiddle = dollars(lengths[middle]);
    min = Math.min(min, atOnce(lengths, low, middle, ofLow, ofMiddle));
    return Math.min(min, atOnce(lengths, middle, high, ofMiddle, ofHigh));
  }

  /** The fewest weighed dollars of requests none of which is longer than this; all at once. */
  private double dollars(long longest) {
    double request = policy.perDollar() * link.dollarsPerRequest();
    double each = policy.perDollar() * link.dollarsPerByte();
    double[][] min = new double[ranges.size() + 1][inFlight + 1]; // first ranges, requests
    for (double[] row : min) {
      Arrays.fill(row, Double.POSITIVE_INFINITY);
    }
    min[0][0] = 0;
    for (int end = 1; end <= ranges.size(); end++) {
      for (int from = 0; from < end; from++) {
        long run = run(from, end - 1);
        long parts = (run + longest - 1) / longest;
        for (int n = (int) Math.min(parts, inFlight + 1L); n <= inFlight; n++) {
          double cost = min[from][n - (int) parts] + parts * request + run * each;
          min[end][n] = Math.min(min[end][n], cost);
        }
      }
    }
    return Arrays.stream(min[ranges.size()]).min().orElseThrow();
  }

  /** A bound for more requests than go at once: the fewest bytes of each number of runs. */
  private double inTurn() {
    int many = ranges.size();
    double[][] bytes = new double[many + 1][many + 1];
    for (double[] row : bytes) {
      Arrays.fill(row, Double.POSITIVE_INFINITY);
    }
    bytes[0][0] = 0;
    for (int end = 1; end <= many; end++) {
      for (int from = 0; from < end; from++) {
        for (int runs = 1; runs <= end; runs++) {
          double with = bytes[from][runs - 1] + run(from, end - 1);
          bytes[end][runs] = Math.min(bytes[end][runs], with);
        }
      }
    }
    double min = Double.POSITIVE_INFINITY;
    for (int runs = 1; runs <= many; runs++) {
      int requests = Math.max(runs, inFlight + 1);
      int turns = (requests + inFlight - 1) / inFlight;
      double seconds = Math.max(link.seconds(requests, bytes[many][runs], inFlight), wait(turns));
      double dollars = link.dollars(requests, bytes[many][runs]);
      min = Math.min(min, policy.cost(seconds, dollars));
    }
    return min;
  }
}
