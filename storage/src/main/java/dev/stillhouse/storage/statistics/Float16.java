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
