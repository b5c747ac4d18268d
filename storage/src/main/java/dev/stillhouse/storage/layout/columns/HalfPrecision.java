package dev.stillhouse.storage.layout.columns;

/** Rounds to the precision of float16 without leaving float32's range. */
final class HalfPrecision {
  private static final int DROPPED_BITS = 13; // 24 significant bits of float32, 11 of float16

  /** Bound for numbers that are too small for 24 significant bits: half a step. */
  private static final float MIN_BOUND = 0x1p-137f;

  /** The largest finite float with 11 significant bits. */
  private static final float LARGEST = 0x1.ffcp127f;

  private HalfPrecision() {}

  /** Returns how far {@link #round} may move a value. */
  static float bound(float value) {
    return Math.max(Math.abs(value) * 0x1p-11f, MIN_BOUND);
  }

  /**
   * Returns the nearest finite float with 11 significant bits, ties to even. Infinities stay as
   * they are.
   */
  static float round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      return value;
    }
    int half = (1 << (DROPPED_BITS - 1)) - 1 + ((bits >>> DROPPED_BITS) & 1);
    float rounded = Float.intBitsToFloat((bits + half) & -(1 << DROPPED_BITS));
    return Float.isInfinite(rounded) ? Math.copySign(LARGEST, value) : rounded;
  }
}
