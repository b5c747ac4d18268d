package dev.stillhouse.bench;

import com.google.common.math.Quantiles;

/**
 * Runs two tasks in turn, so that other load of the machine falls on both, and gives the median of
 * each.
 *
 * @param first seconds of one run, median
 * @param second likewise
 * @param ratio second over first, median of the pairs
 */
public record Turns(double first, double second, double ratio) {
  /** Runs both {@code rounds} times, after a warm-up. */
  public static Turns of(int rounds, Runnable first, Runnable second) {
    first.run(); // warm
    second.run();
    double[] a = new double[rounds];
    double[] b = new double[rounds];
    double[] ratios = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      boolean swap = i % 2 == 1;
      double x = seconds(swap ? second : first);
      double y = seconds(swap ? first : second);
      a[i] = swap ? y : x;
      b[i] = swap ? x : y;
      ratios[i] = b[i] / a[i];
    }
    return new Turns(median(a), median(b), median(ratios));
  }

  private static double seconds(Runnable task) {
    long start = System.nanoTime();
    task.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** Returns the median. */
  public static double median(double[] values) {
    return Quantiles.median().compute(values);
  }
}
