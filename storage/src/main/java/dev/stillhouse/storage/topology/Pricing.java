package dev.stillhouse.storage.topology;

/** The prices of requests from one place. */
@FunctionalInterface
public interface Pricing {
  /** Knows no price. */
  Pricing UNKNOWN = (region, requests, bytes, puts) -> 0;

  /**
   * Returns the price of requests to one region in dollars; 0 where it is not known.
   *
   * @param region name of the store's region
   * @param requests GET and HEAD requests
   * @param bytes that were read
   * @param puts blobs that were written
   */
  double dollars(String region, long requests, long bytes, long puts);
}
