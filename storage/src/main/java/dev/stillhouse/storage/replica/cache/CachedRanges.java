package dev.stillhouse.storage.replica.cache;

import com.google.common.base.Preconditions;
import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is done with pieces of one blob. */
final class CachedRanges {
  private CachedRanges() {}

  /** Ranges by their offsets. */
  static List<ByteRange> ascending(List<ByteRange> ranges) {
    return ranges.stream().sorted(Comparator.comparingLong(ByteRange::offset)).toList();
  }

  /** The bytes of a range out of pieces that hold it together, in any order. */
  static ByteBuffer pick(ByteRange range, List<CachedRange> cachedRanges) {
    List<CachedRange> holding =
        cachedRanges.stream()
            .filter(p -> p.offset() < range.end() && p.range().end() > range.offset())
            .sorted(Comparator.comparingLong(CachedRange::offset))
            .toList();
    return join(range, holding);
  }

  /** The same out of pieces that follow one another: lent where one holds it, else a copy. */
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

  /** The parts of ranges that no piece holds; ranges ascending and disjoint. */
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

  /** The parts of pieces that lie in no range; ranges ascending and disjoint. */
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
