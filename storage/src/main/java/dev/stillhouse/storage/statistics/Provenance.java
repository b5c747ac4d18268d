package dev.stillhouse.storage.statistics;

import dev.stillhouse.storage.PublicApi;

/**
 * Why each entry of a {@link StatisticsBatch} is kept. An empty array means that the statistic has
 * no such column: all entries have the same reason, nothing is drawn, or draws come from the
 * teacher itself.
 *
 * @param reasons bit set of {@link Reason}
 * @param counts how often an entry was drawn
 * @param logProposals log of the probability (nats) that a draw had to be this entry
 */
@SuppressWarnings("ArrayRecordComponent") // Batches are carriers: never compared, never keys.
@PublicApi
public record Provenance(byte[] reasons, int[] counts, float[] logProposals) {
  /** No column at all. */
  public static final Provenance NONE = new Provenance(new byte[0], new int[0], new float[0]);

  /** Returns the room for {@code entries}, in the columns that {@code spec} has. */
  public static Provenance room(StatisticSpec spec, int entries) {
    return new Provenance(
        new byte[spec.hasReasons() ? entries : 0],
        new int[spec.hasCounts() ? entries : 0],
        new float[spec.hasProposals() ? entries : 0]);
  }

  /** Returns the room for {@code entries}, in the columns of this one. */
  public Provenance room(int entries) {
    return new Provenance(
        new byte[reasons.length > 0 ? entries : 0],
        new int[counts.length > 0 ? entries : 0],
        new float[logProposals.length > 0 ? entries : 0]);
  }

  /**
   * Copies {@code n} entries from index {@code from} on to another provenance, from {@code at} on.
   */
  public void copy(int from, Provenance to, int at, int n) {
    if (to.reasons.length > 0) {
      System.arraycopy(reasons, from, to.reasons, at, n);
    }
    if (to.counts.length > 0) {
      System.arraycopy(counts, from, to.counts, at, n);
    }
    if (to.logProposals.length > 0) {
      System.arraycopy(logProposals, from, to.logProposals, at, n);
    }
  }

  /** Returns whether each column is absent or has at least {@code entries}. */
  public boolean fits(int entries) {
    return fits(reasons.length, entries)
        && fits(counts.length, entries)
        && fits(logProposals.length, entries);
  }

  private static boolean fits(int length, int entries) {
    return length == 0 || length >= entries;
  }
}
