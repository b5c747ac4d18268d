package dev.stillhouse.storage.loader.dense;

import org.apache.arrow.memory.util.Float16;

/** Rounds float32 to types of two bytes, to nearest, ties to even. */
final class HalfFloats {
  private static final int SMALLEST_NORMAL = 0x38800000; // 2^-14
  private static final int ABOVE_LARGEST = 0x477FF000; // 65,520 rounds to infinity

  private HalfFloats() {}

  /** Returns the bits of a binary16; log-probs take the path without a call. */
  static short float16(float value) {
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
