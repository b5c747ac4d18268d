package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.layout.ErrorBound;
import dev.stillhouse.storage.statistics.StatisticSpec;

/**
 * Checks that log-normalisers at other temperatures can belong to the distribution beside them.
 * With L the log-normaliser, log-sum-exp(x / T) - L / T is the log of the sum over all v of
 * p_v^(1/T). It lies between 0 (one p is 1) and (1 - 1/T) log V (all are equal), and is at least
 * the log of that sum over the kept entries.
 */
final class NormalisersCheck {
  /** Allowed error of float32 values: in nats, and as a share. */
  private static final double OFF = 1e-4;

  private static final double SHARE = 1e-6;

  private final ErrorBound error;
  private final StatisticSpec spec;
  private final int vocabulary;

  /** Creates a check of positions that are not padding. */
  NormalisersCheck(ErrorBound error, StatisticSpec spec, int vocabulary) {
    this.error = error;
    this.spec = spec;
    this.vocabulary = vocabulary;
  }

  /**
   * Checks a position.
   *
   * @throws dev.stillhouse.storage.DamagedBlobException if something is wrong
   */
  void accept(CheckedPosition position) {
    float normaliser = position.batch().logNormaliser()[position.slot()];
    for (int t = 0; t < spec.normalisersAt().size(); t++) {
      float found = position.batch().further()[t][position.slot()];
      double temperature = spec.normalisersAt().get(t);
      if (Float.isNaN(normaliser) != Float.isNaN(found) || Float.isInfinite(found)) {
        throw position.wrong(
            "log-normaliser is %s, at temperature %s it is %s", normaliser, temperature, found);
      }
      double extreme = (1 - 1 / temperature) * Math.log(vocabulary);
      double min = Math.max(Math.min(extreme, 0), kept(position, temperature));
      double max = Math.max(extreme, 0);
      double sum = found - normaliser / temperature;
      double off = OFF + SHARE * (Math.abs(found) + Math.abs(normaliser / temperature));
      if (sum < min - off || sum > max + off) {
        throw position.wrong(
            "log-normaliser is %s, at temperature %s it is %s; need %s to %s",
            normaliser,
            temperature,
            found,
            normaliser / temperature + min,
            normaliser / temperature + max);
      }
    }
  }

  private double kept(CheckedPosition position, double temperature) {
    double sum = 0;
    for (int e = position.from(); e < position.to(); e++) {
      float logProb = position.logProb(e);
      sum += Math.exp((logProb - error.bound(logProb)) / temperature);
    }
    return Math.log(sum);
  }
}
