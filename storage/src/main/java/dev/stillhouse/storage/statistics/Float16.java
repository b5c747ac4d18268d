package dev.stillhouse.storage.statistics;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. Every value is also a
 * float32.
 */
public final class Float16 {
  /** The float32 of every float16, 256 KiB; {@code Float.float16ToFloat} needs JDK 20. */
  private static final float[] WIDE = new float[1 << 16];

  static {
    for (int bits = 0; bits < WIDE.length; bits++) {
      WIDE[bits] = wide(bits);
    }
  }

  private Float16() {}

  /** Widens all remaining values of {@code from}; both buffers are used from index 0 on. */
  public static void widen(ShortBuffer from, FloatBuffer to) {
    for (int i = 0; i < from.remaining(); i++) {
      to.put(i, WIDE[from.get(i) & 0xFFFF]);
    }
  }

  /** Returns the float32 of a float16. */
  public static float widen(short bits) {
    return WIDE[bits & 0xFFFF];
  }

  /** Returns the nearest float16, ties to even; {@code Float.floatToFloat16} needs JDK 20. */
  public static short narrow(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFF_FFFF;
    if (magnitude > 0x7F80_0000) {
      return (short) (sign | 0x7E00);
    }
    if (magnitude >= 0x477F_F000) { // 65,520 and more are infinite.
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x3880_0000) { // Below 2^-14 they are multiples of 2^-24.
      return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
    }
    int rebased = magnitude - 0x3800_0000;
    return (short) (sign | ((rebased + 0xFFF + ((rebased >>> 13) & 1)) >>> 13));
  }

  private static float wide(int bits) {
    int exponent = (bits >>> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> (0x400 + fraction) * Math.scalb(1f, exponent - 25);
        };
    return bits >>> 15 == 0 ? magnitude : -magnitude;
  }
}
