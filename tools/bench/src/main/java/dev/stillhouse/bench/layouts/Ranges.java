package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.ByteRange;
import java.util.Comparator;
import java.util.List;

/**
 * The cost of fetching ranges.
 *
 * @param requests one for each run of bytes that touch or overlap
 * @param bytes of all runs
 */
record Ranges(long requests, long bytes) {
  Ranges plus(Ranges other) {
    return new Ranges(requests + other.requests, bytes + other.bytes);
  }

  static Ranges of(List<ByteRange> ranges) {
    List<ByteRange> sorted =
        ranges.stream()
            .filter(range -> range.length() > 0)
            .sorted(Comparator.comparingLong(ByteRange::offset))
            .toList();
    int requests = 0;
    long bytes = 0;
    long end = -1;
    for (ByteRange range : sorted) {
      requests += range.offset() > end ? 1 : 0;
      bytes += Math.max(0, range.end() - Math.max(end, range.offset()));
      end = Math.max(end, range.end());
    }
    return new Ranges(requests, bytes);
  }
}
