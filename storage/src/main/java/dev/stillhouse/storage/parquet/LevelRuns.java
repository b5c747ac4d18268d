package dev.stillhouse.storage.parquet;

import java.nio.ByteBuffer;

/**
 * Reads the levels of a page of version 1: an int32 with the number of bytes that follow, then
 * runs. A run begins with a number of seven bits a byte. If it is odd, half of it are groups of
 * eight bit-packed levels; else half of it is how often the one level that follows is repeated.
 */
final class LevelRuns {
  private static final int GROUP = 8;

  private LevelRuns() {}

  /**
   * Moves {@code in} behind the levels. Returns false if they are not those of {@code values}
   * values; Parquet's decoder would allocate memory for these all the same.
   *
   * @param max the largest level that there may be; if 0, none are stored
   */
  static boolean skip(ByteBuffer in, int max, int values) {
    if (max == 0) {
      return true;
    }
    if (in.remaining() < Integer.BYTES) {
      return false;
    }
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      return false;
    }
    int end = in.position() + length;
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(max);
    long found = 0;
    while (in.position() < end && found < values) {
      long head = number(in, end);
      long many = head >>> 1;
      boolean packed = (head & 1) == 1;
      long bytes = packed ? many * bits : (bits + GROUP - 1) / GROUP;
      if (head < 0 || many == 0 || bytes > end - in.position()) {
        return false;
      }
      in.position(in.position() + (int) bytes);
      found += packed ? many * GROUP : many;
    }
    boolean enough = found >= values && found < (long) values + GROUP && in.position() == end;
    in.position(end);
    return enough;
  }

  /** Returns an unsigned number of at most 32 bits, or -1. */
  private static long number(ByteBuffer in, int end) {
    long number = 0;
    for (int shift = 0; shift < Integer.SIZE && in.position() < end; shift += GROUP - 1) {
      byte next = in.get();
      number |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return number < 1L << Integer.SIZE ? number : -1;
      }
    }
    return -1;
  }
}
