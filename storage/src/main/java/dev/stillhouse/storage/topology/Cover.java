package dev.stillhouse.storage.topology;

import dev.stillhouse.storage.ByteRange;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests for some runs of which the longest is as short as can be, if so many go at once. A
 * request begins where a byte is wanted that none before it holds, and ends at the last one that is
 * wanted within its length: no fewer requests of that length hold them all. The length is found by
 * halving.
 */
final class Cover {
  private final List<ByteRange> runs;
  private final int max;

  private Cover(List<ByteRange> runs, int max) {
    this.runs = runs;
    this.max = max;
  }

  /**
   * The requests; none if it takes longer ones than allowed.
   *
   * @param runs ascending and disjoint
   * @param max requests
   * @param shortest bytes of a request that is not worth making shorter
   * @param longest bytes of a request, at most
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

  /** As few as can be of this length; ends when there are too many. */
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
