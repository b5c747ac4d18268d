package dev.stillhouse.storage.fetch;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * Bounds of a {@link FetchAhead}.
 *
 * @param maxBytes fetched bytes that are held or under way, 1 or more
 * @param strict whether a task that needs more fails; else it is fetched alone
 * @param results tasks that may be running or done before their results are taken, 1 or more
 * @param requests requests under way at the start; more follow while that helps
 */
public record FetchLimits(long maxBytes, boolean strict, int results, int requests) {
  /** Max requests under way. */
  public static final int MAX_REQUESTS = 512;

  /** Min bytes of a request that is cut from a longer run. */
  static final long MIN_REQUEST = 256 << 10;

  private static final long MAX_REQUEST = 8 << 20;

  public FetchLimits {
    checkArgument(
        maxBytes >= 1 && results >= 1 && requests >= 1 && requests <= MAX_REQUESTS,
        "FetchLimits: %s bytes, %s results, %s requests",
        maxBytes,
        results,
        requests);
  }

  /** Returns the max bytes of a request: a 48th of the bound, from 256 kB to 8 MB. */
  long maxRequest() {
    return Math.max(MIN_REQUEST, Math.min(MAX_REQUEST, maxBytes / 48));
  }
}
