package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.ByteRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes requests of ranges that several tasks want. */
final class Requests {
  /** A gap below this, in bytes, is read through: it costs less than another request. */
  static final long GAP = 8 << 10;

  private Requests() {}

  /** Allows bytes between two ranges to be fetched along, which joins the ranges. */
  interface Between {
    boolean allows(long from, long to);
  }

  /** Returns the runs that ranges make together, ascending: those with small gaps are joined. */
  static List<ByteRange> joined(List<ByteRange> ranges, Between between) {
    List<ByteRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(ByteRange::offset));
    List<ByteRange> runs = new ArrayList<>();
    long start = -1;
    long end = -1;
    for (ByteRange next : sorted) {
      boolean joins =
          start >= 0
              && next.offset() - end <= GAP
              && next.end() - start <= Integer.MAX_VALUE
              && (next.offset() <= end || between.allows(end, next.offset()));
      if (!joins) {
        add(runs, start, end);
        start = next.offset();
        end = next.end();
      } else {
        end = Math.max(end, next.end());
      }
    }
    add(runs, start, end);
    return runs;
  }

  private static void add(List<ByteRange> runs, long start, long end) {
    if (end > start) {
      runs.add(new ByteRange(start, Math.toIntExact(end - start)));
    }
  }

  /** Cuts a run of any length into equal requests of about {@code piece} bytes. */
  static List<ByteRange> cut(long start, long end, long piece) {
    long length = end - start;
    long count = Math.max(1, Math.round((double) length / piece));
    List<ByteRange> cuts = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      add(cuts, start + length * i / count, start + length * (i + 1) / count);
    }
    return cuts;
  }
}
