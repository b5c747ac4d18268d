package dev.stillhouse.storage.layout.pages;

import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.PlainPage;

/**
 * A BINARY value of a row. Its plain bytes are its length, four bytes little-endian, and its
 * content.
 */
public final class PlaneValue {
  /** Max bytes of a value. */
  public static final int MAX_BYTES = 64 << 20;

  private static final int PREFIX = Integer.BYTES;

  private PlaneValue() {}

  /** Opens a value of at most {@code max} bytes. */
  public static PlainPage open(FetchedPages pages, int place, int column, int row, long max) {
    int limit = (int) Math.min(max, MAX_BYTES) + PREFIX;
    PlainPage page = pages.open(place, column, row, limit);
    int length = page.length() - PREFIX;
    if (length < 0 || PlaneBytes.int32(page.array(), page.from()) != length) {
      throw pages.damaged(column, row, "a page of " + page.length() + " bytes is not one value");
    }
    return new PlainPage(page.array(), page.from() + PREFIX, length);
  }

  /** Opens a value of exactly {@code length} bytes. */
  public static PlainPage exact(FetchedPages pages, int place, int column, int row, long length) {
    PlainPage value = open(pages, place, column, row, length);
    if (value.length() != length) {
      throw pages.damaged(
          column, row, "a plane of " + value.length() + " bytes where " + length + " must be");
    }
    return value;
  }

  /** Returns the length that a value's page claims, in bytes. */
  public static int length(FetchedPages pages, int column, int row) {
    return Math.max(0, pages.length(column, row) - PREFIX);
  }

  /** Checks the length that a value's page claims, before memory is taken for it. */
  public static void expect(FetchedPages pages, int column, int row, long length) {
    long found = pages.length(column, row) - (long) PREFIX;
    if (found != length || length > MAX_BYTES) {
      throw pages.damaged(
          column,
          row,
          String.format(
              "a plane of %d bytes where %d must be, of at most %d", found, length, MAX_BYTES));
    }
  }
}
