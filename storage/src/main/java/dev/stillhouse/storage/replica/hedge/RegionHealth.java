package dev.stillhouse.storage.replica.hedge;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a region from its reads: how late they are, and whether it answers. Short reads
 * vary with the store's first byte and long ones with the rate, so lateness is kept by doublings of
 * the expected time, beside that of all reads.
 */
public final class RegionHealth {
  /** Doublings of the expected time: from a millisecond to an hour. */
  private static final int CLASSES = 22;

  private static final double SHORTEST = 1e-3;

  private final LatencyPercentiles all;
  private final @Nullable LatencyPercentiles[] classes = new LatencyPercentiles[CLASSES];
  private final RegionBreaker breaker = new RegionBreaker();
  private final HedgeRules rules;

  /** Creates the health of a region that was not read yet. */
  public RegionHealth(HedgeRules rules) {
    this.rules = rules;
    this.all = new LatencyPercentiles(rules.memory());
  }

  /** Returns whether the region answers. */
  public RegionBreaker breaker() {
    return breaker;
  }

  /**
   * Returns the multiple of the expected time from which on a read is late.
   *
   * @param expected seconds
   */
  public double late(double expected) {
    LatencyPercentiles some = classes[place(expected)];
    if (some != null && some.reads() >= HedgeRules.MIN_READS) {
      return some.at(rules.percentile());
    }
    return all.reads() >= HedgeRules.MIN_READS ? all.at(rules.percentile()) : HedgeRules.UNKNOWN;
  }

  /** Adds a read. */
  public void observe(double seconds, double expected) {
    some(expected).observe(seconds / expected);
    all.observe(seconds / expected);
  }

  /** Adds a read that was ended, so that it would have taken longer. Early that says nothing. */
  public void observeAtLeast(double seconds, double expected) {
    if (seconds / expected >= late(expected)) {
      observe(seconds, expected);
    }
  }

  private LatencyPercentiles some(double expected) {
    int place = place(expected);
    LatencyPercentiles some = classes[place];
    if (some == null) {
      some = new LatencyPercentiles(rules.memory());
      classes[place] = some;
    }
    return some;
  }

  private static int place(double expected) {
    double doublings = Math.log(Math.max(expected, SHORTEST) / SHORTEST) / Math.log(2);
    return (int) Math.min(CLASSES - 1, doublings);
  }
}
