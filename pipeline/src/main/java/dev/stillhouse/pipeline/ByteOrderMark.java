package dev.stillhouse.pipeline;

import java.util.Arrays;

/**
 * The three bytes EF BB BF that some editors put before UTF-8 text. They are no part of the text.
 */
public final class ByteOrderMark {
  /** Bytes of a mark. */
  public static final int LENGTH = 3;

  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private ByteOrderMark() {}

  /** Returns whether {@code bytes[0..count)} begins with a mark. */
  public static boolean starts(byte[] bytes, int count) {
    return count >= LENGTH && bytes[0] == MARK[0] && bytes[1] == MARK[1] && bytes[2] == MARK[2];
  }

  /** Returns the bytes without a mark at their start. */
  public static byte[] without(byte[] bytes) {
    return starts(bytes, bytes.length) ? Arrays.copyOfRange(bytes, LENGTH, bytes.length) : bytes;
  }
}
