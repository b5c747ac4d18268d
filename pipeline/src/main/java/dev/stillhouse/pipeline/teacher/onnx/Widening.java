package dev.stillhouse.pipeline.teacher.onnx;

import ai.onnxruntime.OnnxJavaType;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** float16 and bfloat16 as float32: exact, since both are subsets of it. */
final class Widening {
  /** The float32 of every float16, 256 KiB: faster than arithmetic on JDKs without a conversion. */
  private static final float[] HALF = new float[1 << 16];

  static {
    for (int bits = 0; bits < HALF.length; bits++) {
      HALF[bits] = half(bits);
    }
  }

  private Widening() {}

  /** Widens all of {@code from} into {@code to}, positions left as they are. */
  static void widen(OnnxJavaType type, ShortBuffer from, FloatBuffer to) {
    int n = from.remaining();
    if (type == OnnxJavaType.BFLOAT16) {
      for (int i = 0; i < n; i++) {
        to.put(i, Float.intBitsToFloat(from.get(i) << 16));
      }
    } else {
      for (int i = 0; i < n; i++) {
        to.put(i, HALF[from.get(i) & 0xFFFF]);
      }
    }
  }

  /** IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. */
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
