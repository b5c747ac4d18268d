package dev.stillhouse.storage.topology;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * The requests by which ranges of one blob are fetched over one link.
 *
 * @param requests ascending, disjoint, each at least one byte
 */
public record ReadPlan(ImmutableList<ByteRange> requests) {
  /** Returns the requests for some ranges, in any order, that cost least by {@code policy}. */
  public static ReadPlan of(List<ByteRange> ranges, Link link, CostPolicy policy, int inFlight) {
    return new RangeCoalescer(link, policy, inFlight).plan(ranges);
  }

  /** Returns the bytes that are fetched, including gaps that are read through. */
  public long bytes() {
    return requests.stream().mapToLong(ByteRange::length).sum();
  }

  /** Returns one request for each run of ranges that touch, for an unknown link. */
  public static ReadPlan touching(List<ByteRange> ranges) {
    return new ReadPlan(ImmutableList.copyOf(RangeCoalescer.touching(ranges)));
  }

  /** Returns the indexes of the requests in the best order to send them: the longest first. */
  public int[] longestFirst() {
    return IntStream.range(0, requests.size())
        .boxed()
        .sorted(Comparator.comparingInt((Integer i) -> requests.get(i).length()).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Returns the dollars over {@code link}. */
  public double dollars(Link link) {
    return link.dollars(requests.size(), (double) bytes());
  }

  /**
   * Returns the seconds until the last byte is there. Requests begin {@linkplain #longestFirst
   * longest first}, each in the first free slot, and need round trip + first byte + bytes / rate;
   * the total is no less than all bytes at the machine's rate.
   */
  public double seconds(Link link, int inFlight) {
    var free = new PriorityQueue<Double>();
    double end = 0;
    double wait = link.roundTripSeconds() + link.firstByteSeconds();
    for (int i : longestFirst()) {
      double start = free.size() < inFlight ? 0 : free.remove();
      double done = start + wait + requests.get(i).length() / link.bytesPerSecond();
      free.add(done);
      end = Math.max(end, done);
    }
    return Math.max(end, (double) bytes() / link.machineBytesPerSecond());
  }

  /**
   * Returns the bytes of a range from what the requests fetched: lent if one request holds it, else
   * a copy.
   *
   * @param fetched of each request
   */
  public ByteBuffer pick(ByteRange range, List<ByteBuffer> fetched) {
    int first = requestAt(range.offset());
    ByteBuffer copy = null;
    for (int i = first; range.length() > 0; i++) {
      ByteRange request = requests.get(i);
      ByteBuffer all = fetched.get(i);
      long from = Math.max(range.offset(), request.offset());
      int length = (int) (Math.min(range.end(), request.end()) - from);
      ByteBuffer part = all.slice(all.position() + (int) (from - request.offset()), length);
      if (copy == null && length == range.length()) {
        return part;
      }
      copy = copy == null ? ByteBuffer.allocate(range.length()) : copy;
      copy.put(part);
      if (!copy.hasRemaining()) {
        return copy.flip();
      }
    }
    return ByteBuffer.allocate(0);
  }

  /** Returns the request that holds a byte, which must exist. */
  private int requestAt(long offset) {
    int low = 0;
    int high = requests.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (requests.get(middle).offset() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
