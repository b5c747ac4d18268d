package dev.stillhouse.storage.topology;

import dev.stillhouse.storage.ByteRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the requests for some runs whose longest is as short as possible, if a number of them go at
 * once. A request begins at the first byte that no earlier one holds, and ends at the last byte
 * needed within its length: no fewer requests of that length hold all. The length is found by
 * bisection.
 */
final class Cover {
  private final List<ByteRange> runs;
  private final int max;

  private Cover(List<ByteRange> runs, int max) {
    this.runs = runs;
    this.max = max;
  }

  /**
   * Returns the requests; none if longer ones than allowed are needed.
   *
   * @param runs ascending and disjoint
   * @param max requests
   * @param shortest length below which a request is not shortened, bytes
   * @param longest max length of a request, bytes
   */
  static List<ByteRange> of(List<ByteRange> runs, int max, long shortest, long longest) {
    Cover cover = new Cover(runs, max);
    if (cover.by(longest).size() > max) {
      return List.of();
    }
    long low = shortest;
    long high = longest;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (cover.by(middle).size() <= max) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return cover.by(low);
  }

  /** Returns the fewest requests of this length; ends when there are too many. */
  private List<ByteRange> by(long length) {
    List<ByteRange> requests = new ArrayList<>();
    long start = runs.get(0).offset();
    long end = start;
    for (ByteRange run : runs) {
      for (long at = run.offset(); at < run.end(); at = end) {
        if (at - start >= length) {
          requests.add(new ByteRange(start, Math.toIntExact(end - start)));
          if (requests.size() > max) {
            return requests;
          }
          start = at;
        }
        end = Math.min(run.end(), start + length);
      }
    }
    requests.add(new ByteRange(start, Math.toIntExact(end - start)));
    return requests;
  }
}
