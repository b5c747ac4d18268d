package dev.stillhouse.storage.layout.pages;

import dev.stillhouse.storage.parquet.PlainPage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Splits numbers into byte planes: plane {@code p} holds byte {@code p} of each. Planes of floats
 * begin with the highest byte, those of integers with the lowest, so that planes of zeros may be
 * left out.
 */
public final class PlaneBytes {
  private static final VarHandle INT32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private PlaneBytes() {}

  /** Returns the little-endian int32 at {@code at}. */
  public static int int32(byte[] array, int at) {
    return (int) INT32.get(array, at);
  }

  /** Writes a little-endian int32. */
  public static void int32(byte[] array, int at, int value) {
    INT32.set(array, at, value);
  }

  /** Returns the bytes of the largest of some unsigned numbers; 0 if all are 0. */
  static int width(int[] values, int from, int n) {
    int all = 0;
    for (int i = from; i < from + n; i++) {
      all |= values[i];
    }
    return (Integer.SIZE - Integer.numberOfLeadingZeros(all) + 7) / Byte.SIZE;
  }

  /** Writes {@code width} planes of integers, the lowest bytes first. */
  static void putInts(byte[] out, int at, int width, int[] values, int from, int n) {
    for (int plane = 0; plane < width; plane++) {
      for (int i = 0; i < n; i++) {
        out[at + plane * n + i] = (byte) (values[from + i] >>> (plane * Byte.SIZE));
      }
    }
  }

  /**
   * Reads {@code width} planes of integers.
   *
   * @param at byte of {@code in} where they start
   */
  static void getInts(PlainPage in, int at, int width, int[] values, int from, int n) {
    byte[] array = in.array();
    int start = in.from() + at;
    for (int i = 0; i < n; i++) {
      int value = 0;
      for (int plane = 0; plane < width; plane++) {
        value |= (array[start + plane * n + i] & 0xff) << (plane * Byte.SIZE);
      }
      values[from + i] = value;
    }
  }

  /** Writes four planes of floats, the highest bytes first. Every NaN becomes the same. */
  static void putFloats(byte[] out, int at, float[] values, int from, int n) {
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToIntBits(values[from + i]);
      out[at + i] = (byte) (bits >>> 24);
      out[at + n + i] = (byte) (bits >>> 16);
      out[at + 2 * n + i] = (byte) (bits >>> 8);
      out[at + 3 * n + i] = (byte) bits;
    }
  }

  /** Reads {@code count} of {@code n} floats, from number {@code skip} on. */
  static void getFloats(PlainPage in, int n, int skip, float[] values, int from, int count) {
    byte[] array = in.array();
    int start = in.from() + skip;
    for (int i = 0; i < count; i++) {
      values[from + i] =
          Float.intBitsToFloat(
              array[start + i] << 24
                  | (array[start + n + i] & 0xff) << 16
                  | (array[start + 2 * n + i] & 0xff) << 8
                  | (array[start + 3 * n + i] & 0xff));
    }
  }
}
