package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.Arrays;

/**
 * Reads the positions of a batch one by one, in double.
 *
 * @param batch read with all its entries and columns
 * @param spec the dataset's statistic
 */
public record BatchPositions(StatisticsBatch batch, StatisticSpec spec) {
  /**
   * Allowed error of the mass of entries and tail: more than layouts round, less than lost entries.
   */
  private static final double ROUNDING = 0.05;

  /** Returns the statistic of a slot (row-major), which must not be padding. */
  public PositionStatistic at(int slot) {
    int from = batch.offsets()[slot];
    int to = batch.offsets()[slot + 1];
    var provenance = batch.provenance();
    boolean unread =
        (spec.hasReasons() && provenance.reasons().length < to)
            || (spec.hasCounts() && provenance.counts().length < to)
            || (spec.hasProposals() && provenance.logProposals().length < to);
    if (unread) {
      throw UsageException.of(
          "the batch does not say what its entries are there for, the statistic %s does; read it"
              + " with its provenance",
          spec);
    }
    byte[] reasons = new byte[to - from];
    Arrays.fill(reasons, (byte) spec.reasons()); // one bit, where there is no column
    if (spec.hasReasons()) {
      System.arraycopy(provenance.reasons(), from, reasons, 0, reasons.length);
    }
    double[] logProbs = widened(batch.logProbs(), from, to);
    double logTail = batch.logTail()[slot];
    double mass = Math.exp(LogSpace.add(LogSpace.logSumExp(logProbs, 1), logTail));
    if (Math.abs(mass - 1) > ROUNDING) {
      throw DataException.of(
          "slot %d: its %d entries and its tail weigh %s, need 1; were all entries read?",
          slot, to - from, mass);
    }
    return new PositionStatistic(
        Arrays.copyOfRange(batch.ids(), from, to),
        logProbs,
        reasons,
        logTail,
        batch.logNormaliser()[slot],
        spec.sample().map(StatisticSpec.Sample::draws).orElse(0),
        spec.hasCounts() ? Arrays.copyOfRange(provenance.counts(), from, to) : new int[0],
        spec.hasProposals() ? widened(provenance.logProposals(), from, to) : new double[0]);
  }

  /** Returns the slot's log-normaliser at a temperature, NaN where the teacher gave none. */
  public double normaliserAt(int slot, double temperature) {
    int index = spec.normalisersAt().indexOf(temperature);
    if (index < 0) {
      throw DataException.of(
          "the statistic %s has no log-normaliser at temperature %s; extract with"
              + " normaliser-at:%s, or see NormaliserBounds",
          spec, temperature, temperature);
    }
    return batch.further()[index][slot];
  }

  private static double[] widened(float[] values, int from, int to) {
    double[] widened = new double[to - from];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = values[from + i];
    }
    return widened;
  }
}
