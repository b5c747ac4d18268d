package dev.stillhouse.storage.fetch;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.replica.FetchedRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A file of which tasks in the window want parts. Guarded by the lock of its FetchAhead. */
final class WindowFile {
  /** How its bytes are fetched. */
  enum Mode {
    /** It is too early to say. */
    UNDECIDED,
    /** The whole file, footer and all. */
    WHOLE,
    /** The footer first, then what tasks want. */
    RANGES,
    /** Not at all: the footer could not be had, so tasks read it themselves. */
    DIRECT
  }

  final FetchedFile file;
  private final NavigableMap<Long, Extent> extents = new TreeMap<>();
  private final RangeSet<Long> planned = TreeRangeSet.create();

  Mode mode = Mode.UNDECIDED;

  /** Rows that tasks in the window want and have not read. */
  long rows;

  /** Whether tasks want some columns alone, so that the whole file is more than they want. */
  boolean someColumns;

  /** Those of them that admitted tasks want: their extents are known to be in use. */
  long admittedRows;

  /** Whether the whole file is planned. */
  boolean wholePlanned;

  /** Whether its footer is being parsed. */
  boolean opening;

  /** Admitted tasks whose parts cannot be resolved before the footer is known. */
  final List<WindowTask<?>> unresolved = new ArrayList<>();

  WindowFile(FetchedFile file) {
    this.file = file;
  }

  private static Range<Long> range(ByteRange range) {
    return Range.closedOpen(range.offset(), range.end());
  }

  /** Returns the parts of ranges that are not planned yet. */
  List<ByteRange> missing(List<ByteRange> ranges) {
    RangeSet<Long> wanted = TreeRangeSet.create();
    ranges.forEach(range -> wanted.add(range(range)));
    List<ByteRange> missing = new ArrayList<>();
    for (Range<Long> whole : wanted.asRanges()) {
      for (Range<Long> part : planned.complement().subRangeSet(whole).asRanges()) {
        int length = Math.toIntExact(part.upperEndpoint() - part.lowerEndpoint());
        if (length > 0) {
          missing.add(new ByteRange(part.lowerEndpoint(), length));
        }
      }
    }
    return missing;
  }

  /** Notes that these bytes will have an extent. */
  void plan(List<ByteRange> ranges) {
    ranges.forEach(range -> planned.add(range(range)));
  }

  /** Returns whether nothing is planned from one offset to another. */
  boolean free(long from, long to) {
    return !planned.intersects(Range.closedOpen(from, to));
  }

  Extent add(ByteRange range) {
    Extent extent = new Extent(this, range);
    planned.add(range(range));
    extents.put(range.offset(), extent);
    return extent;
  }

  void drop(Extent extent) {
    extents.remove(extent.range.offset(), extent);
    planned.remove(range(extent.range));
  }

  Collection<Extent> extents() {
    return extents.values();
  }

  /** Returns the extents that hold a range. */
  List<Extent> holding(ByteRange range) {
    List<Extent> holding = new ArrayList<>();
    if (range.length() == 0) {
      return holding;
    }
    Map.Entry<Long, Extent> first = extents.floorEntry(range.offset());
    for (Extent extent : extents.tailMap(first == null ? 0 : first.getKey(), true).values()) {
      if (extent.range.offset() >= range.end()) {
        break;
      }
      if (extent.range.end() > range.offset()) {
        holding.add(extent);
      }
    }
    return holding;
  }

  /**
   * Returns the bytes of a range: lent if one extent holds it, else a copy. Empty if some could not
   * be fetched.
   */
  Optional<FetchedRange> bytes(ByteRange range) {
    ByteBuffer copy = null;
    Optional<FetchedRange> first = Optional.empty();
    boolean mixed = false;
    long at = range.offset();
    for (Extent extent : holding(range)) {
      FetchedRange fetched = extent.fetched;
      if (fetched == null || extent.range.offset() > at) {
        return Optional.empty();
      }
      int from = (int) (at - extent.range.offset());
      int length = (int) (Math.min(range.end(), extent.range.end()) - at);
      ByteBuffer slice = fetched.bytes().slice(fetched.bytes().position() + from, length);
      if (length == range.length()) {
        return Optional.of(new FetchedRange(slice, fetched.from()));
      }
      mixed |= first.isPresent() && !first.get().from().equals(fetched.from());
      first = first.or(() -> Optional.of(fetched));
      copy = copy == null ? ByteBuffer.allocate(range.length()) : copy;
      copy.put(slice);
      at += length;
    }
    if (range.length() == 0) {
      return Optional.of(new FetchedRange(ByteBuffer.allocate(0), Optional.empty()));
    }
    if (copy == null || copy.hasRemaining()) {
      return Optional.empty();
    }
    copy.flip();
    return Optional.of(
        new FetchedRange(copy, mixed ? Optional.empty() : first.orElseThrow().from()));
  }
}
