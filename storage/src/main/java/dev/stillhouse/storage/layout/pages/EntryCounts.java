package dev.stillhouse.storage.layout.pages;

import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.PlainPage;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/** Reads the number of entries of each position of a row. */
final class EntryCounts {
  /** Says that one int32 follows: all positions have that many entries, padding has none. */
  static final byte CONSTANT = (byte) 0xff;

  static final int CONSTANT_BYTES = 1 + Integer.BYTES;

  /** Max entries of all positions of a sequence. */
  static final int MAX_ENTRIES = 1 << 24;

  private EntryCounts() {}

  /**
   * Returns the numbers of entries of a row.
   *
   * @param segments of the batch, from {@code from} on those of the row
   * @param max entries that a position may have
   */
  static int[] read(
      FetchedPages pages, int column, int row, int[] segments, int from, int length, int max) {
    int[] kept = new int[length];
    PlainPage value = PlaneValue.open(pages, 0, column, row, 1 + 4L * length);
    if (value.length() == CONSTANT_BYTES && value.at(0) == (CONSTANT & 0xff)) {
      Arrays.fill(kept, PlaneBytes.int32(value.array(), value.from() + 1));
      for (int i = 0; i < length; i++) {
        kept[i] = segments[from + i] == TokenBatch.PADDING ? 0 : kept[i];
      }
    } else {
      sized(pages, column, row, value, kept, 0, length);
    }
    long all = 0;
    for (int one : kept) {
      if (one < 0 || one > max) {
        throw pages.damaged(column, row, one + " entries at a position, of a vocabulary of " + max);
      }
      all += one;
    }
    if (all > MAX_ENTRIES) {
      throw pages.damaged(column, row, all + " entries of a sequence, at most " + MAX_ENTRIES);
    }
    return kept;
  }

  /** Reads numbers behind a byte that says in how many planes they lie. */
  static void sized(
      FetchedPages pages, int column, int row, PlainPage value, int[] into, int from, int n) {
    int width = value.length() == 0 ? -1 : value.at(0);
    if (width < 0 || width > Integer.BYTES || value.length() != 1 + (long) width * n) {
      throw pages.damaged(
          column, row, value.length() + " bytes are not " + width + " planes of " + n + " numbers");
    }
    PlaneBytes.getInts(value, 1, width, into, from, n);
  }
}
