package dev.stillhouse.storage.replica.hedge;

/**
 * Live percentiles of how late the reads of one region are: their time over the time that was
 * expected of as many bytes. Newer reads count more. The memory is bounded: a histogram over the
 * logarithm, whose steps are 4.4 %.
 */
public final class LatencyPercentiles {
  private static final int STEPS_OF_DOUBLING = 16;

  /** Doublings below the expected time, and above it. */
  private static final int BELOW = 6;

  private static final int ABOVE = 12;
  private static final double MAX_WEIGHT = 1e100;

  private final double[] weights = new double[(BELOW + ABOVE) * STEPS_OF_DOUBLING];
  private final double growth;
  private double newest = 1;
  private double total;
  private long count;

  /**
   * Creates percentiles of no reads.
   *
   * @param memory reads behind which one counts by 1/e
   */
  public LatencyPercentiles(double memory) {
    this.growth = Math.exp(1 / memory);
  }

  /** Adds a read that took {@code lateness} times what was expected. */
  public void observe(double lateness) {
    weights[bucket(lateness)] += newest;
    total += newest;
    count++;
    newest *= growth;
    if (newest > MAX_WEIGHT) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] /= newest;
      }
      total /= newest;
      newest = 1;
    }
  }

  private static int bucket(double lateness) {
    double doublings = Math.log(Math.max(lateness, Double.MIN_NORMAL)) / Math.log(2) + BELOW;
    double at = Math.floor(doublings * STEPS_OF_DOUBLING);
    return (int) Math.max(0, Math.min((BELOW + ABOVE) * STEPS_OF_DOUBLING - 1, at));
  }

  /** Returns the number of reads. */
  public long reads() {
    return count;
  }

  /**
   * Returns the lateness that a share of the reads do not exceed, at most 4.4 % too high; infinite
   * if there are no reads.
   */
  public double at(double share) {
    if (count == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double sum = 0;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      if (weights[i] > 0) {
        last = i;
      }
      if (sum >= share * total && weights[i] > 0) {
        return edge(i);
      }
    }
    return edge(last);
  }

  private static double edge(int bucket) {
    return Math.pow(2, (bucket + 1.0) / STEPS_OF_DOUBLING - BELOW);
  }
}
