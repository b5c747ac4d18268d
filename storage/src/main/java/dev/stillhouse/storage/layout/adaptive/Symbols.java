package dev.stillhouse.storage.layout.adaptive;

/**
 * Codes whole numbers as a symbol of one byte, which is entropy-coded, and some low bits, which are
 * not: numbers of similar size are similarly likely. Below 16 a symbol is the number itself. Above
 * there are eight symbols to each doubling, so that the remaining bits are nearly uniform.
 */
final class Symbols {
  /** Stands for a value that is not coded; no number has this symbol. */
  static final int ESCAPE = 255;

  /** The largest symbol of a number. */
  static final int LAST = 231;

  private static final int EXACT = 16;
  private static final int EXACT_BITS = 4;
  private static final int STEP_BITS = 3;
  private static final int STEPS = 1 << STEP_BITS;
  private static final int MANY = 256;

  private static final int[] BASE = new int[MANY];
  private static final byte[] BITS = new byte[MANY];

  static {
    for (int symbol = 0; symbol < MANY; symbol++) {
      int doubling = Math.max(0, symbol - EXACT) / STEPS;
      int bits = symbol < EXACT ? 0 : doubling + EXACT_BITS - STEP_BITS;
      boolean used = bits + STEP_BITS < Integer.SIZE - 1;
      BITS[symbol] = (byte) (used ? bits : 0);
      BASE[symbol] =
          symbol < EXACT
              ? symbol
              : used ? (STEPS | ((symbol - EXACT) & (STEPS - 1))) << bits : Integer.MAX_VALUE;
    }
  }

  private Symbols() {}

  /** Returns the symbol of a number that is not negative. */
  static int symbol(int number) {
    if (number < EXACT) {
      return number;
    }
    int top = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(number);
    return EXACT + (top - EXACT_BITS) * STEPS + ((number >>> (top - STEP_BITS)) & (STEPS - 1));
  }

  /** Returns how many low bits a symbol leaves out. */
  static int bits(int symbol) {
    return BITS[symbol];
  }

  /**
   * Returns the smallest number of a symbol, to which the remaining bits are added; the largest int
   * if no number has the symbol.
   */
  static int base(int symbol) {
    return BASE[symbol];
  }
}
