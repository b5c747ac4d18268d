package dev.stillhouse.pipeline.teacher;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Sixteen-bit floats and how they widen to float32: exactly, since both are subsets of it. */
public enum NarrowFloat {
  /** IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. */
  FLOAT16 {
    @Override
    public void widen(ShortBuffer from, FloatBuffer to) {
      for (int i = 0; i < from.remaining(); i++) {
        to.put(i, HALF[from.get(i) & 0xFFFF]);
      }
    }
  },
  /** The upper half of a float32. */
  BFLOAT16 {
    @Override
    public void widen(ShortBuffer from, FloatBuffer to) {
      for (int i = 0; i < from.remaining(); i++) {
        to.put(i, Float.intBitsToFloat(from.get(i) << 16));
      }
    }
  };

  /** The float32 of every float16, 256 KiB: {@code Float.float16ToFloat} came with JDK 20. */
  private static final float[] HALF = new float[1 << 16];

  static {
    for (int bits = 0; bits < HALF.length; bits++) {
      HALF[bits] = half(bits);
    }
  }

  /** Widens all that remains of {@code from}, both read and written from index 0 on. */
  public abstract void widen(ShortBuffer from, FloatBuffer to);

  private static float half(int bits) {
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
