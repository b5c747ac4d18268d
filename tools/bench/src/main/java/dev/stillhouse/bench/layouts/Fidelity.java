package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;

/**
 * Compares stored statistics with those that were written. The divergence is KL(written || stored)
 * over the kept ids and one bucket for the rest, each normalised to sum 1. A store without tail
 * mass has the mass that its entries leave, at least 1e-7, as Megatron's "ghost token" does.
 */
final class Fidelity {
  private static final double MIN_LEFT = -1e-7; // Of the log of the kept mass.

  private double largest;
  private double divergence;
  private long positions;

  /** Returns the largest error of a log-prob, in nats. */
  double largestError() {
    return largest;
  }

  /** Returns the mean divergence of a position that has entries, nats. */
  double meanDivergence() {
    return positions == 0 ? 0 : divergence / positions;
  }

  /**
   * Compares.
   *
   * @param firstSlot of {@code wrote} that is slot 0 of {@code stored}
   * @param name of the store, for errors
   */
  void accept(StatisticsBatch wrote, int firstSlot, StatisticsBatch stored, String name) {
    for (int slot = 0; slot < stored.tokens().slots(); slot++) {
      int from = wrote.offsets()[firstSlot + slot];
      int n = wrote.offsets()[firstSlot + slot + 1] - from;
      int at = stored.offsets()[slot];
      boolean same = stored.offsets()[slot + 1] - at == n;
      for (int i = 0; same && i < n; i++) {
        same = wrote.ids()[from + i] == stored.ids()[at + i];
      }
      if (!same) {
        throw DataException.of(
            "%s gives other ids than were written, at position %d of the shard: this is a bug of"
                + " it",
            name, firstSlot + slot);
      }
      if (n > 0) {
        positions++;
        errors(wrote.logProbs(), from, stored.logProbs(), at, n);
        divergence +=
            divergence(
                distribution(wrote.logProbs(), from, n, wrote.logTail()[firstSlot + slot]),
                distribution(stored.logProbs(), at, n, stored.logTail()[slot]));
      }
    }
  }

  private void errors(float[] wrote, int from, float[] stored, int at, int n) {
    for (int i = 0; i < n; i++) {
      if (wrote[from + i] != stored[at + i]) { // Two infinities are no difference.
        largest = Math.max(largest, Math.abs((double) wrote[from + i] - stored[at + i]));
      }
    }
  }

  /** Returns the log-probs of the entries and, last, of the tail, normalised to sum 1. */
  private static double[] distribution(float[] logProbs, int from, int n, double logTail) {
    double[] logs = new double[n + 1];
    double kept = 0;
    for (int i = 0; i < n; i++) {
      logs[i] = logProbs[from + i];
      kept += Math.exp(logs[i]);
    }
    logs[n] =
        Double.isNaN(logTail) ? Math.log(-Math.expm1(Math.min(Math.log(kept), MIN_LEFT))) : logTail;
    double all = Math.log(kept + Math.exp(logs[n]));
    for (int i = 0; i <= n; i++) {
      logs[i] -= all;
    }
    return logs;
  }

  private static double divergence(double[] wrote, double[] stored) {
    double sum = 0;
    for (int i = 0; i < wrote.length; i++) {
      double mass = Math.exp(wrote[i]);
      sum += mass == 0 ? 0 : mass * (wrote[i] - stored[i]);
    }
    return sum;
  }
}
