package dev.stillhouse.storage.replica.hedge;

import dev.stillhouse.storage.replica.hedge.HedgedRead.Replica;

/**
 * A request of a read that is under way.
 *
 * @param number of the read's requests, from 0
 * @param since when it was sent, nanoseconds
 * @param probe whether it probes a region whose breaker is open
 */
record HedgeRequest(int number, Replica replica, long since, boolean probe) {
  private static final double NANOS = 1e9;

  /** A late read that may not be hedged looks again after this share of its time. */
  private static final double AGAIN = 0.125;

  private static final long MIN_AGAIN_NANOS = 1_000_000;

  /** Multiple of the time of a late read from which on its region may be silent. */
  private static final double SILENT = 3;

  RegionBreaker breaker() {
    return replica.health().breaker();
  }

  private double seconds(long now) {
    return (now - since) / NANOS;
  }

  private double lateSeconds() {
    return replica.health().late(replica.seconds()) * replica.seconds();
  }

  /** Returns when it is late, in nanoseconds. */
  long lateAt() {
    return since + (long) Math.min(lateSeconds() * NANOS, Long.MAX_VALUE / 4.0);
  }

  /** Returns when to look again, if nothing can be done now although it is late. */
  long again(long now) {
    return now + Math.max(MIN_AGAIN_NANOS, (long) ((now - since) * AGAIN));
  }

  /** Returns whether it is the one that finds out whether its region is silent, from now on. */
  boolean scouts(long now) {
    return seconds(now) >= SILENT * lateSeconds() && breaker().enterScout(since, now);
  }

  /** Learns from a right answer. */
  void answered(long now) {
    replica.health().observe(seconds(now), replica.seconds());
    breaker().succeeded(now);
  }

  /** Learns from a failure; {@code reached} is whether the region answered all the same. */
  void failed(boolean reached, long now) {
    if (reached) {
      breaker().succeeded(now);
    } else {
      breaker().failed(now, probe);
    }
  }

  /** Learns from having been cancelled; {@code overtaken} is whether it had its time. */
  void cancelled(boolean overtaken, long now) {
    replica.health().observeAtLeast(seconds(now), replica.seconds());
    if (overtaken) {
      breaker().failed(now, probe);
    } else {
      breaker().abandoned(probe);
    }
  }
}
