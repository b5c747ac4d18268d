package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.DamagedBlobException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Reads the header of a page that {@link PageFileWriter} or {@link PlainColumns} wrote: Thrift's
 * compact protocol, a data page of version 2, plain, without levels. Anything else is refused.
 * Parquet's own reader takes as long for a header as zstd for four kilobytes.
 */
final class PageHeaders {
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int INT32 = 5;
  private static final int STRUCT = 12;

  private static final int OUTER = 0;
  private static final int INNER = 1;
  private static final int MAX_FIELD = 8;
  private static final int DATA_PAGE_V2 = 3;

  private static final int VALUES = 1;
  private static final int ROWS = 3;

  /** Fields of {@code DataPageHeaderV2} that must be 0: nulls, encoding, lengths of levels. */
  private static final int[] ZEROS = {2, 4, 5, 6};

  /**
   * The content of a header.
   *
   * @param plainLength bytes of the page after inflating
   * @param storedLength bytes behind the header
   */
  record Header(int plainLength, int storedLength, boolean compressed) {}

  private PageHeaders() {}

  /** Reads the header of a page of one row. */
  static Header read(String blob, long offset, ByteBuffer page) {
    return read(blob, offset, page, 1);
  }

  /**
   * Reads a header at the position of {@code page} and moves the position behind it.
   *
   * @param rows that the page must have, each of one value
   */
  static Header read(String blob, long offset, ByteBuffer page, int rows) {
    try {
      int[][] fields = {new int[MAX_FIELD + 1], {-1, -1, -1, -1, -1, -1, -1, TRUE, 0}};
      if (!struct(page, fields, OUTER)
          || fields[OUTER][1] != DATA_PAGE_V2
          || fields[OUTER][2] < 0
          || fields[OUTER][3] < 0
          || fields[INNER][VALUES] != rows
          || fields[INNER][ROWS] != rows) {
        throw refused(blob, offset, rows);
      }
      for (int field : ZEROS) {
        if (fields[INNER][field] != 0) {
          throw refused(blob, offset, rows);
        }
      }
      return new Header(fields[OUTER][2], fields[OUTER][3], fields[INNER][7] == TRUE);
    } catch (BufferUnderflowException e) {
      throw new DamagedBlobException(blob, offset, "a page ends in its header", e);
    }
  }

  private static DamagedBlobException refused(String blob, long offset, int rows) {
    return new DamagedBlobException(
        blob,
        offset,
        "no header of a page of "
            + (rows == 1 ? "one plain value" : rows + " plain values")
            + ", data page version 2");
  }

  /** Reads the fields of a struct; returns whether all of them were of a known kind. */
  private static boolean struct(ByteBuffer page, int[][] fields, int depth) {
    int field = 0;
    for (int head = page.get(); head != 0; head = page.get()) {
      field += (head & 0xf0) >>> 4;
      if ((head & 0xf0) == 0 || field > MAX_FIELD) {
        return false;
      }
      switch (head & 0x0f) {
        case TRUE, FALSE -> fields[depth][field] = head & 0x0f;
        case INT32 -> fields[depth][field] = zigzag(page);
        case STRUCT -> {
          if (depth != OUTER || field != MAX_FIELD || !struct(page, fields, INNER)) {
            return false;
          }
        }
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  private static int zigzag(ByteBuffer page) {
    int bits = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      byte next = page.get();
      bits |= (next & 0x7f) << shift;
      if (next >= 0) {
        break;
      }
    }
    return (bits >>> 1) ^ -(bits & 1);
  }
}
