package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.ByteRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tasks that are admitted together want and is not planned yet, by file. */
final class FetchRound {
  private final Map<WindowFile, List<ByteRange>> missing = new LinkedHashMap<>();
  private long bytes;
  private long gaps;

  /** Makes an extent of a range. */
  interface Extents {
    void add(WindowFile file, ByteRange range);
  }

  /** Returns the bytes that were planned. */
  long bytes() {
    return bytes;
  }

  /** Plans what a task wants. */
  void plan(WindowTask<?> task) {
    for (WindowTask.Part part : task.parts) {
      WindowFile file = part.file;
      List<ByteRange> wanted = part.missing();
      if (file.mode == WindowFile.Mode.WHOLE) {
        file.wholePlanned = true;
      }
      if (!wanted.isEmpty()) {
        file.plan(wanted);
        missing.computeIfAbsent(file, unused -> new ArrayList<>()).addAll(wanted);
        bytes += wanted.stream().mapToLong(ByteRange::length).sum();
      }
    }
  }

  /**
   * Makes requests of what was planned.
   *
   * @param max bytes of a request
   * @param count requests to make at least, where waiting counts and they are not too small
   * @param spare bytes that may be fetched along, of small gaps
   */
  void request(long max, int count, long spare, Extents extents) {
    gaps = spare;
    long even = Math.max(FetchLimits.MIN_REQUEST, bytes / Math.max(1, count));
    missing.forEach(
        (file, ranges) -> {
          long piece = file.file.reader().weighsTime() ? Math.min(max, even) : max;
          for (ByteRange run : Requests.joined(ranges, (from, to) -> along(file, from, to))) {
            Requests.cut(run.offset(), run.end(), piece).forEach(range -> extents.add(file, range));
          }
        });
  }

  private boolean along(WindowFile file, long from, long to) {
    if (to - from > gaps || !file.free(from, to)) {
      return false;
    }
    gaps -= to - from;
    return true;
  }
}
