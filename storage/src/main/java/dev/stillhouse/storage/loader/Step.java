package dev.stillhouse.storage.loader;

import com.google.common.collect.AbstractIterator;
import com.google.common.math.LongMath;
import java.math.RoundingMode;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The samples that all ranks take at once.
 *
 * @param first number of its first sample
 * @param rows number of samples, all ranks together
 */
record Step(long first, int rows) {
  /** Returns the number of the sample after its last. */
  long end() {
    return first + rows;
  }

  /**
   * Returns the steps of a run: of {@code batch} rows, except the last of an epoch and of the run.
   *
   * @param from the first sample
   * @param end the sample after the last
   * @param epochSamples samples of an epoch
   */
  static Iterator<Step> steps(long from, long end, int batch, long epochSamples) {
    return new AbstractIterator<>() {
      private long next = from;

      @Override
      protected @Nullable Step computeNext() {
        if (next >= end) {
          return endOfData();
        }
        long left = Math.min(end - next, epochSamples - next % epochSamples);
        Step step = new Step(next, (int) Math.min(batch, left));
        next = step.end();
        return step;
      }
    };
  }

  /** Returns the number of {@link #steps}, without going through them. */
  static long count(long from, long end, int batch, long epochSamples) {
    if (from >= end) {
      return 0;
    }
    long firstEpochEnd = Math.min(end, (from / epochSamples + 1) * epochSamples);
    long whole = (end - firstEpochEnd) / epochSamples;
    long rest = (end - firstEpochEnd) % epochSamples;
    return LongMath.divide(firstEpochEnd - from, batch, RoundingMode.CEILING)
        + whole * LongMath.divide(epochSamples, batch, RoundingMode.CEILING)
        + LongMath.divide(rest, batch, RoundingMode.CEILING);
  }
}
