package dev.stillhouse.storage.topology;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the requests that cost least by a policy.
 *
 * <ol>
 *   <li>Runs: ranges between which the gap is below the link's break-even are read through, the
 *       smallest gaps first. If time counts, a run is left for each request in flight, since those
 *       go at the same time. If more runs are left than that, the next gaps too, if that costs
 *       less.
 *   <li>Of these few, two become one if that saves more dollars than the longer run costs time.
 *   <li>Requests: long runs are cut until the link is full, if that pays.
 *   <li>If time counts, also the requests whose longest is shortest ({@link Cover}).
 * </ol>
 */
final class RangeCoalescer {
  /** Min bytes of a request that is cut from a run. */
  private static final long MIN_REQUEST = 64 << 10;

  /** Max bytes of a request, so that a few in flight do not take much memory. */
  private static final long MAX_REQUEST = 256 << 20;

  /** Requests of unequal length fill a link better the finer they are. */
  private static final int WAVES = 3;

  private final Link link;
  private final CostPolicy policy;
  private final int inFlight;

  RangeCoalescer(Link link, CostPolicy policy, int inFlight) {
    this.link = link;
    this.policy = policy.on(link);
    this.inFlight = inFlight;
  }

  /** Returns the requests for ranges in any order. */
  ReadPlan plan(List<ByteRange> ranges) {
    List<ByteRange> runs = touching(ranges);
    if (runs.isEmpty()) {
      return new ReadPlan(ImmutableList.of());
    }
    List<List<ByteRange>> plans = new ArrayList<>();
    candidates(runs).forEach(candidate -> plans.add(requests(joined(candidate))));
    if (policy.perSecond() > 0) {
      plans.add(Cover.of(runs, inFlight, MIN_REQUEST, MAX_REQUEST));
    }
    @Nullable List<ByteRange> best = null;
    double min = Double.POSITIVE_INFINITY;
    for (List<ByteRange> requests : plans) {
      double cost = requests.isEmpty() ? Double.POSITIVE_INFINITY : cost(requests);
      if (cost < min) {
        min = cost;
        best = requests;
      }
    }
    return new ReadPlan(ImmutableList.copyOf(checkNotNull(best)));
  }

  private List<List<ByteRange>> candidates(List<ByteRange> runs) {
    List<List<ByteRange>> candidates = new ArrayList<>();
    double breakEven = policy.breakEven(link, inFlight);
    // Fewer runs than slots leave room for pieces of a long one.
    for (int slots = policy.perSecond() > 0 ? inFlight : 1; slots > 0; slots = slots * 3 / 4) {
      candidates.add(through(runs, slots, breakEven));
    }
    if (candidates.get(0).size() > inFlight) {
      // A gap too wide for a long row of requests may be worth it if all then go at once.
      candidates.add(joined(through(runs, 2 * inFlight, Double.POSITIVE_INFINITY), inFlight));
    }
    return candidates;
  }

  /** Returns one request for each run of ranges that touch or overlap: no byte too many. */
  static List<ByteRange> touching(List<ByteRange> ranges) {
    List<ByteRange> sorted =
        ranges.stream()
            .filter(range -> range.length() > 0)
            .sorted(Comparator.comparingLong(ByteRange::offset))
            .toList();
    return merged(sorted, 0);
  }

  /** Merges neighbours whose gap is at most {@code gap}, as long as one range can hold them. */
  private static List<ByteRange> merged(List<ByteRange> sorted, long gap) {
    List<ByteRange> runs = new ArrayList<>();
    for (ByteRange next : sorted) {
      int last = runs.size() - 1;
      if (last >= 0
          && next.offset() - runs.get(last).end() <= gap
          && next.end() - runs.get(last).offset() <= Integer.MAX_VALUE) {
        ByteRange before = runs.get(last);
        runs.set(last, span(before.offset(), Math.max(before.end(), next.end())));
      } else {
        runs.add(next);
      }
    }
    return runs;
  }

  private static List<ByteRange> through(List<ByteRange> runs, int min, double breakEven) {
    int max = runs.size() - min; // gaps that may be read through
    if (max <= 0) {
      return runs;
    }
    long[] gaps = new long[runs.size() - 1];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = runs.get(i + 1).offset() - runs.get(i).end();
    }
    Arrays.sort(gaps);
    long largest = gaps[Math.min(max, gaps.length) - 1];
    return merged(runs, (long) Math.min((double) largest, Math.ceil(breakEven) - 1));
  }

  /** Merges neighbours, always those that save most. */
  private List<ByteRange> joined(List<ByteRange> runs) {
    return runs.size() > inFlight ? runs : joined(runs, Integer.MAX_VALUE);
  }

  /**
   * Merges neighbours while that lowers the cost; then, at least cost, until {@code enough} remain.
   */
  private List<ByteRange> joined(List<ByteRange> runs, int enough) {
    List<ByteRange> left = new ArrayList<>(runs);
    while (true) {
      int best = -1;
      double max = left.size() > enough ? Double.NEGATIVE_INFINITY : 0;
      long longest = longest(left);
      for (int i = 0; i + 1 < left.size(); i++) {
        long gap = left.get(i + 1).offset() - left.get(i).end();
        long length = left.get(i + 1).end() - left.get(i).offset();
        double seconds = (double) Math.max(0, length - longest) / link.bytesPerSecond();
        double dollars = (double) gap * link.dollarsPerByte() - link.dollarsPerRequest();
        double saved = -policy.cost(seconds, dollars);
        if (saved > max && length <= Integer.MAX_VALUE) {
          max = saved;
          best = i;
        }
      }
      if (best < 0) {
        return left;
      }
      left.set(best, span(left.get(best).offset(), left.remove(best + 1).end()));
    }
  }

  private static long longest(List<ByteRange> runs) {
    return runs.stream().mapToLong(ByteRange::length).max().orElse(0);
  }

  /** Cuts runs so that the link is full, at least cost. */
  private List<ByteRange> requests(List<ByteRange> runs) {
    long bytes = runs.stream().mapToLong(ByteRange::length).sum();
    List<ByteRange> best = cut(runs, MAX_REQUEST);
    int max = policy.perSecond() > 0 ? WAVES * inFlight : 0;
    double min = cost(best);
    for (int count = 2; count <= max && bytes / count >= MIN_REQUEST; count++) {
      List<ByteRange> finer = cut(runs, Math.min(MAX_REQUEST, bytes / count + 1));
      double cost = cost(finer);
      if (cost < min) {
        min = cost;
        best = finer;
      }
    }
    return best;
  }

  private static List<ByteRange> cut(List<ByteRange> runs, long bytes) {
    List<ByteRange> requests = new ArrayList<>();
    for (ByteRange run : runs) {
      long parts = (run.length() + bytes - 1) / bytes;
      for (long i = 0; i < parts; i++) {
        requests.add(
            span(
                run.offset() + run.length() * i / parts,
                run.offset() + run.length() * (i + 1) / parts));
      }
    }
    return requests;
  }

  private double cost(List<ByteRange> requests) {
    ReadPlan plan = new ReadPlan(ImmutableList.copyOf(requests));
    return policy.cost(plan.seconds(link, inFlight), plan.dollars(link));
  }

  private static ByteRange span(long from, long to) {
    return new ByteRange(from, Math.toIntExact(to - from));
  }
}
