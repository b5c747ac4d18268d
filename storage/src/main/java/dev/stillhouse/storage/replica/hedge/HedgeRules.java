package dev.stillhouse.storage.replica.hedge;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;

/**
 * When a second replica is asked.
 *
 * @param percentile share of a region's reads that are not late, in (0, 1)
 * @param share of the requests, and of the bytes, that may be asked for a second time
 * @param burst requests that may be saved up
 * @param memory reads that the percentiles remember
 * @param patience how long one request may take at all, besides a second for each megabyte
 */
public record HedgeRules(
    double percentile, double share, double burst, double memory, Duration patience) {
  /** Rules for any link. */
  public static final HedgeRules DEFAULT =
      new HedgeRules(0.98, 0.02, 8, 1_000, Duration.ofSeconds(30));

  /** Rules by which no second replica is asked before the first one has failed. */
  public static final HedgeRules NEVER = new HedgeRules(0.98, 0, 0, 1_000, Duration.ofSeconds(30));

  /** Reads below which a percentile is not known. */
  static final double MIN_READS = 50;

  /** Multiple of the expected time that is late while percentiles are not known. */
  static final double UNKNOWN = 4;

  /** Answers below this rate are late, in bytes a second. */
  private static final double SLOWEST = 1e6;

  public HedgeRules {
    checkArgument(
        percentile > 0 && percentile < 1 && share >= 0 && share <= 1 && burst >= 0 && memory >= 1,
        "HedgeRules: percentile=%s share=%s burst=%s memory=%s",
        percentile,
        share,
        burst,
        memory);
  }

  /** Returns how long a request may take, in nanoseconds. */
  long patienceNanos(long bytes) {
    return patience.toNanos() + (long) (bytes / SLOWEST * 1e9);
  }
}
