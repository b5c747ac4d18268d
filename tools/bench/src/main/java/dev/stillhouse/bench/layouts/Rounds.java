package dev.stillhouse.bench.layouts;

import dev.stillhouse.bench.Turns;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Times tasks that take turns, so that other load of the machine falls on all. Faster ones run more
 * often.
 */
final class Rounds {
  private static final int MIN = 3;

  private Rounds() {}

  /**
   * Returns the seconds of one run of each task, the median.
   *
   * @param seconds that each task gets, after a warm-up of a quarter of it
   */
  static double[] medians(List<Runnable> tasks, double seconds) {
    double[][] times = new double[tasks.size()][];
    for (int i = 0; i < times.length; i++) {
      double spent = 0;
      do {
        spent += seconds(tasks.get(i));
      } while (spent < seconds / 4);
      times[i] = new double[0];
    }
    for (boolean more = true; more; ) {
      more = false;
      for (int i = 0; i < times.length; i++) {
        if (times[i].length < MIN || Arrays.stream(times[i]).sum() < seconds) {
          double one = seconds(tasks.get(i));
          times[i] = DoubleStream.concat(Arrays.stream(times[i]), DoubleStream.of(one)).toArray();
          more = true;
        }
      }
    }
    return Arrays.stream(times).mapToDouble(Turns::median).toArray();
  }

  private static double seconds(Runnable task) {
    long start = System.nanoTime();
    task.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
