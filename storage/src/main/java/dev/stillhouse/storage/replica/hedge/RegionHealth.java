package dev.stillhouse.storage.replica.hedge;

/**
 * What is known of a region from its reads.
 *
 * @param latencies how late its reads are
 * @param breaker whether it answers
 */
public record RegionHealth(LatencyPercentiles latencies, RegionBreaker breaker) {
  /** Creates the health of a region that was not read yet. */
  public static RegionHealth unknown(HedgeRules rules) {
    return new RegionHealth(new LatencyPercentiles(rules.memory()), new RegionBreaker());
  }
}
