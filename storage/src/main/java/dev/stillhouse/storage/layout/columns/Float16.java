package dev.stillhouse.storage.layout.columns;

/** Rounds to the precision of float16 without leaving float32's range. */
final class Float16 {
  private static final int DROPPED_BITS = 13; // 24 significant bits of float32, 11 of float16

  private Float16() {}

  /** The nearest float with 11 significant bits, ties to even; infinities stay as they are. */
  static float round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      return value;
    }
    int half = (1 << (DROPPED_BITS - 1)) - 1 + ((bits >>> DROPPED_BITS) & 1);
    return Float.intBitsToFloat((bits + half) & -(1 << DROPPED_BITS));
  }
}
