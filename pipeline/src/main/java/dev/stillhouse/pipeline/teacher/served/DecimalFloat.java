package dev.stillhouse.pipeline.teacher.served;

import java.nio.charset.StandardCharsets;

/**
 * Rounds decimals to the nearest float, as {@link Float#parseFloat} does, but without a string.
 * Servers write float32 as the shortest decimals of the same double: 17 digits.
 */
final class DecimalFloat {
  /** Powers that are exact as doubles. */
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final int MAX_DIGITS = 18; // whose number is a long
  private static final int CUT = 29; // bits that a double has and a float has not
  private static final long CUT_MASK = (1L << CUT) - 1;
  private static final long HALF = 1L << (CUT - 1);

  private DecimalFloat() {}

  /**
   * Parses a number of JSON.
   *
   * @throws NumberFormatException if it is none
   */
  static float parse(byte[] text, int from, int to) {
    int at = from;
    boolean negative = text[at] == '-';
    if (negative) {
      at++;
    }
    long digits = 0;
    int count = 0; // digits, without leading zeros
    int behind = 0; // digits behind the point
    int point = -1;
    int first = at;
    for (; at < to; at++) {
      int digit = text[at] - '0';
      if (digit >= 0 && digit <= 9) {
        if (count < MAX_DIGITS) {
          digits = digits * 10 + digit;
        }
        count += digits == 0 ? 0 : 1;
        behind += point >= 0 ? 1 : 0;
      } else if (text[at] == '.' && point < 0 && at > first) {
        point = at;
      } else {
        break;
      }
    }
    boolean leadingZero = at > first + 1 && text[first] == '0' && point != first + 1;
    if (at == first || point == at - 1 || leadingZero) {
      throw new NumberFormatException();
    }
    if (at < to || count > MAX_DIGITS || behind >= TENS.length) {
      return exact(text, from, to, at);
    }
    // The digits and the quotient are each off by half a unit of the last place at most.
    double near = digits / TENS[behind];
    long cut = Double.doubleToRawLongBits(near) & CUT_MASK;
    boolean sure = Math.abs(cut - HALF) > 4;
    if (digits != 0 && (near < Float.MIN_NORMAL || near > Float.MAX_VALUE || !sure)) {
      return exact(text, from, to, at);
    }
    return (float) (negative ? -near : near);
  }

  /** Parses what is rare, with an exponent from {@code at} on perhaps. */
  private static float exact(byte[] text, int from, int to, int at) {
    if (at < to) {
      int digits = at + 1;
      if ((text[at] | 0x20) != 'e') {
        throw new NumberFormatException();
      }
      if (digits < to && (text[digits] == '+' || text[digits] == '-')) {
        digits++;
      }
      for (int i = digits; i < to || i == digits; i++) {
        if (i == to || text[i] < '0' || text[i] > '9') {
          throw new NumberFormatException();
        }
      }
    }
    return Float.parseFloat(new String(text, from, to - from, StandardCharsets.US_ASCII));
  }
}
