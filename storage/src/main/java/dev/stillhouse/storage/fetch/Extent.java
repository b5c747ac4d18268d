package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.replica.FetchedRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Bytes of a file that one request brings. Guarded by the lock of its {@link FetchAhead}. */
final class Extent {
  /** The first wanted come first; of one task those that hold the footer, then in file order. */
  static final Comparator<Extent> FIRST_WANTED =
      Comparator.<Extent>comparingLong(extent -> extent.firstTask)
          .thenComparing(extent -> !extent.holdsFooter())
          .thenComparingLong(extent -> extent.range.offset());

  final WindowFile file;
  final ByteRange range;

  /** Tasks that are waiting for it. */
  final List<WindowTask<?>> waiting = new ArrayList<>();

  /** Number of the first task that wants it. */
  long firstTask = Long.MAX_VALUE;

  /** How often admitted tasks want it. */
  int uses;

  /** Whether it was asked for to know where parts lie. */
  boolean onlyFooter;

  /** The bytes, once they are there. */
  @Nullable FetchedRange fetched;

  /** Whether no replica brought it. */
  boolean failed;

  /** The request, once it is sent. */
  @Nullable Future<?> request;

  Extent(WindowFile file, ByteRange range) {
    this.file = file;
    this.range = range;
  }

  boolean settled() {
    return fetched != null || failed;
  }

  private boolean holdsFooter() {
    return range.end() > file.file.footer().offset();
  }
}
