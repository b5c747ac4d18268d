package dev.stillhouse.storage.losses;

/** Arithmetic on logarithms of masses; -inf is no mass. */
final class LogSpace {
  private static final double LOG_2 = Math.log(2);

  private LogSpace() {}

  /** Returns log of the sum of exp(scale * values); -inf if there are none. */
  static double logSumExp(double[] values, double scale) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(scale * (value - max));
    }
    return scale * max + Math.log(sum);
  }

  /** Returns log(exp(a) + exp(b)). */
  static double add(double a, double b) {
    double max = Math.max(a, b);
    return max == Double.NEGATIVE_INFINITY ? max : max + Math.log1p(Math.exp(Math.min(a, b) - max));
  }

  /**
   * Returns log(1 - exp(a)), the mass that a leaves; -inf for a of 0 or more. Two forms are used,
   * each where it loses no digits (Maechler 2012).
   */
  static double complement(double a) {
    if (a >= 0) {
      return Double.NEGATIVE_INFINITY;
    }
    return a > -LOG_2 ? Math.log(-Math.expm1(a)) : Math.log1p(-Math.exp(a));
  }

  /** Returns mass * log; no mass times log 0 is 0. */
  static double weighted(double mass, double log) {
    return mass == 0 ? 0 : mass * log;
  }
}
