package dev.stillhouse.storage.replica.cache;

import com.google.common.base.Preconditions;
import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Operations on cached ranges of one blob. */
final class CachedRanges {
  private CachedRanges() {}

  /** Returns ranges sorted by their offsets. */
  static List<ByteRange> ascending(List<ByteRange> ranges) {
    return ranges.stream().sorted(Comparator.comparingLong(ByteRange::offset)).toList();
  }

  /** Returns the bytes of a range from cached ranges that hold it together, in any order. */
  static ByteBuffer pick(ByteRange range, List<CachedRange> cachedRanges) {
    List<CachedRange> holding =
        cachedRanges.stream()
            .filter(p -> p.offset() < range.end() && p.range().end() > range.offset())
            .sorted(Comparator.comparingLong(CachedRange::offset))
            .toList();
    return join(range, holding);
  }

  /**
   * Returns the bytes of a range from consecutive cached ranges: lent if one holds it, else a copy.
   */
  static ByteBuffer join(ByteRange range, List<CachedRange> cachedRanges) {
    if (range.length() == 0) {
      return ByteBuffer.allocate(0);
    }
    if (cachedRanges.size() == 1) {
      return cachedRanges.get(0).slice(range);
    }
    ByteBuffer copy = ByteBuffer.allocate(range.length());
    for (CachedRange cachedRange : cachedRanges) {
      long from = range.offset() + copy.position();
      long end = Math.min(range.end(), cachedRange.range().end());
      if (end > from) {
        copy.put(cachedRange.slice(new ByteRange(from, (int) (end - from))));
      }
    }
    Preconditions.checkState(!copy.hasRemaining(), "%s is not in %s", range, cachedRanges);
    return copy.flip();
  }

  /** Returns the parts of ranges that no cached range holds. Ranges are ascending and disjoint. */
  static List<ByteRange> missing(List<ByteRange> ranges, List<CachedRange> cachedRanges) {
    List<CachedRange> sorted =
        cachedRanges.stream().sorted(Comparator.comparingLong(CachedRange::offset)).toList();
    List<ByteRange> missing = new ArrayList<>();
    for (ByteRange range : ranges) {
      long at = range.offset();
      for (CachedRange cachedRange : sorted) {
        if (cachedRange.offset() >= range.end()) {
          break;
        }
        if (cachedRange.offset() > at) {
          missing.add(new ByteRange(at, (int) (cachedRange.offset() - at)));
        }
        at = Math.max(at, cachedRange.range().end());
      }
      if (at < range.end()) {
        missing.add(new ByteRange(at, (int) (range.end() - at)));
      }
    }
    return missing;
  }

  /** Returns the parts of cached ranges that lie in no range. Ranges are ascending and disjoint. */
  static List<CachedRange> without(List<CachedRange> cachedRanges, List<ByteRange> ranges) {
    List<CachedRange> rest = new ArrayList<>();
    for (CachedRange cachedRange : cachedRanges) {
      long at = cachedRange.offset();
      for (ByteRange range : ranges) {
        if (range.offset() > at && at < cachedRange.range().end()) {
          rest.add(part(cachedRange, at, Math.min(range.offset(), cachedRange.range().end())));
        }
        at = Math.max(at, range.end());
      }
      if (at < cachedRange.range().end()) {
        rest.add(part(cachedRange, at, cachedRange.range().end()));
      }
    }
    return rest;
  }

  private static CachedRange part(CachedRange cachedRange, long from, long end) {
    return new CachedRange(from, cachedRange.slice(new ByteRange(from, (int) (end - from))));
  }
}
