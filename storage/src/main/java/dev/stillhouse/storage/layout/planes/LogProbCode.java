package dev.stillhouse.storage.layout.planes;

/**
 * Codes a negative float in sixteen bits: six of the exponent and ten of the fraction, which is
 * float16's precision. The sign bit's place goes to the exponent, so that numbers from 2^-46 to
 * 2^18 have a code. All else (0, -inf and invalid log-probs) escapes.
 */
final class LogProbCode {
  /** Largest relative error: half a step of ten fraction bits. */
  static final float BOUND = 0x1p-11f;

  /**
   * Largest relative error if the low byte is not read: half a step of two fraction bits, and
   * {@link #BOUND}.
   */
  static final float COARSE_BOUND = 0x1p-3f + 0x1p-11f;

  /** The value of a low byte that was not read: the middle of the range. */
  static final int MIDDLE = 0x80;

  /** Stands for no code: the value escapes. */
  static final int ESCAPES = -1;

  static final int DROPPED_BITS = 13; // of float32's 23 fraction bits
  private static final int MIN_EXPONENT = 127 - 46; // biased as float32's
  private static final int MIN = MIN_EXPONENT << (23 - DROPPED_BITS);
  private static final int MAX_CODE = 0xffff;

  /** Turns a shifted code into a float's bits: the sign, and the smallest exponent. */
  static final int BITS = 1 << 31 | MIN << DROPPED_BITS;

  private LogProbCode() {}

  /** Returns the nearest code, ties to even, or {@link #ESCAPES}. */
  static int of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & Integer.MAX_VALUE;
    int half = (1 << (DROPPED_BITS - 1)) - 1 + ((magnitude >>> DROPPED_BITS) & 1);
    int code = ((magnitude + half) >>> DROPPED_BITS) - MIN;
    int outside = (~bits | code | (MAX_CODE - code)) >> 31; // of the sign each: no branch
    return code | outside;
  }

  /** Returns the float of a code's two bytes, each 0 to 255. */
  static float value(int high, int low) {
    return Float.intBitsToFloat((high << (8 + DROPPED_BITS) | low << DROPPED_BITS) + BITS);
  }
}
