package dev.stillhouse.storage.layout.planes;

/**
 * Sixteen bits for a negative float: six of the exponent and ten of the fraction, which is
 * float16's precision. The sign's place is given to the exponent, so that numbers from 2^-46 to
 * 2^18 have a code; what lies outside (0, -inf and what no log-prob should be) escapes.
 */
final class LogProbCode {
  /** Largest error as a share of the value: half a step of ten fraction bits. */
  static final float BOUND = 0x1p-11f;

  /** The same if the low byte is not known: half of what two fraction bits leave open, and that. */
  static final float COARSE_BOUND = 0x1p-3f + 0x1p-11f;

  /** Stands for the low byte where it was not read: the middle of all there are. */
  static final int MIDDLE = 0x80;

  /** No code: the value escapes. */
  static final int ESCAPES = -1;

  static final int DROPPED_BITS = 13; // of float32's 23 fraction bits
  private static final int MIN_EXPONENT = 127 - 46; // biased as float32's
  private static final int MIN = MIN_EXPONENT << (23 - DROPPED_BITS);
  private static final int MAX_CODE = 0xffff;

  /** What makes a code a float's bits, once it is shifted: the sign, and the least exponent. */
  static final int BITS = 1 << 31 | MIN << DROPPED_BITS;

  private LogProbCode() {}

  /** The nearest code, ties to even, or {@link #ESCAPES}. */
  static int of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & Integer.MAX_VALUE;
    int half = (1 << (DROPPED_BITS - 1)) - 1 + ((magnitude >>> DROPPED_BITS) & 1);
    int code = ((magnitude + half) >>> DROPPED_BITS) - MIN;
    int outside = (~bits | code | (MAX_CODE - code)) >> 31; // of the sign each: no branch
    return code | outside;
  }

  /** The float of a code's two bytes, each 0 to 255. */
  static float value(int high, int low) {
    return Float.intBitsToFloat((high << (8 + DROPPED_BITS) | low << DROPPED_BITS) + BITS);
  }
}
