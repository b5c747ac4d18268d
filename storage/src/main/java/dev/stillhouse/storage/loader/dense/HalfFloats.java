package dev.stillhouse.storage.loader.dense;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.apache.arrow.memory.util.Float16;

/** Rounds float32 to types of two bytes, to nearest, ties to even. */
final class HalfFloats {
  private static final int SMALLEST_NORMAL = 0x38800000; // 2^-14
  private static final int ABOVE_LARGEST = 0x477FF000; // 65,520 rounds to infinity

  /** {@code Float.floatToFloat16} of JDK 20 and newer, a vector instruction; else {@link #slow}. */
  private static final MethodHandle FLOAT16 = float16();

  private HalfFloats() {}

  private static MethodHandle float16() {
    MethodType type = MethodType.methodType(short.class, float.class);
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      try {
        return lookup.findStatic(Float.class, "floatToFloat16", type);
      } catch (NoSuchMethodException e) {
        return lookup.findStatic(HalfFloats.class, "slow", type);
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no conversion to float16", e);
    }
  }

  /** Returns the bits of a binary16. */
  static short float16(float value) {
    try {
      return (short) FLOAT16.invokeExact(value);
    } catch (Throwable e) {
      throw new AssertionError(e); // It declares none.
    }
  }

  /** Writes the bits of {@code n} binary16, from the start of {@code to} on. */
  static void float16(float[] from, int at, short[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = float16(from[at + i]);
    }
  }

  /** Returns the bits of a binary16, as JDK 17 can. Log-probs take the path without a call. */
  static short slow(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude < SMALLEST_NORMAL || magnitude >= ABOVE_LARGEST) {
      return Float16.toFloat16(value);
    }
    int even = magnitude >>> 13 & 1;
    int rounded = (magnitude - (112 << 23) + 0xFFF + even) >>> 13; // exponent bias 127 to 15
    return (short) ((bits >>> 16 & 0x8000) | rounded);
  }

  /** Returns the bits of a bfloat16. */
  static short bfloat16(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16);
    }
    return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }
}
