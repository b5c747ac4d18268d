package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.ByteRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tasks that are admitted together want and is not planned yet, by file. */
final class FetchRound {
  /** A request has this part of the bytes before it. */
  private static final int GROWTH = 16;

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
   * Makes requests of what was planned. Where waiting counts the first are short, so that work
   * begins soon while many come at the same time; they grow with the bytes before them, and at the
   * very end they shrink, so that all end at about the same time.
   *
   * @param max bytes of a request
   * @param before bytes that were planned in earlier rounds
   * @param last whether there will be no further round
   * @param spare bytes that may be fetched along, of small gaps
   */
  void request(long max, long before, boolean last, long spare, Extents extents) {
    gaps = spare;
    long ahead = before;
    for (Map.Entry<WindowFile, List<ByteRange>> of : missing.entrySet()) {
      WindowFile file = of.getKey();
      boolean weighsTime = file.file.reader().weighsTime();
      for (ByteRange run : Requests.joined(of.getValue(), (from, to) -> along(file, from, to))) {
        long around = last ? Math.min(ahead, before + bytes - ahead) : ahead;
        long grown = Math.max(FetchLimits.MIN_REQUEST, around / GROWTH);
        long piece = weighsTime ? Math.min(max, grown) : max;
        for (ByteRange range : Requests.cut(run.offset(), run.end(), piece)) {
          extents.add(file, range);
        }
        ahead += run.length();
      }
    }
  }

  private boolean along(WindowFile file, long from, long to) {
    if (to - from > gaps || !file.free(from, to)) {
      return false;
    }
    gaps -= to - from;
    return true;
  }
}
