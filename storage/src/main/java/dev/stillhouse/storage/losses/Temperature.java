package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;

/**
 * Converts a position to another temperature T: t_T = softmax(x / T) of the teacher's logits x. A
 * kept logit is log-prob + log-normaliser, so log t_T(i) = (log t_i + lse) / T - lse_T, where lse_T
 * is the log-sum-exp of x / T (statistic {@code normaliser-at:T}). A missing lse_T is not guessed:
 * it depends on how the tail's mass is spread, and a guess would shift every log-prob unnoticed.
 * {@link NormaliserBounds} gives its bounds.
 */
public final class Temperature {
  /** Allowed excess over 1 of the kept mass, as a logarithm: the rounding of stored values. */
  private static final double SLACK = 0.01;

  private Temperature() {}

  /**
   * Returns the position at temperature T, exactly. Any loss applies to it, with logits z / T.
   * Draws stay as they were, with q as their proposal, so that estimates from them are unbiased at
   * T too. The tail is 1 less the kept mass: its error is about that of the stored numbers.
   *
   * @param normaliserAt log-sum-exp of the teacher's logits divided by T, as stored
   */
  public static PositionStatistic at(
      PositionStatistic teacher, double temperature, double normaliserAt) {
    check(teacher, temperature);
    if (!Double.isFinite(normaliserAt)) {
      throw DataException.of(
          "log-normaliser at temperature %s is %s: it was not stored, and log-probs at this"
              + " temperature cannot be had without; extract with normaliser-at:%s, or see"
              + " NormaliserBounds",
          temperature, normaliserAt, temperature);
    }
    double[] logProbs = new double[teacher.ids().length];
    for (int e = 0; e < logProbs.length; e++) {
      double logit = teacher.logProbs()[e] + teacher.logNormaliser();
      logProbs[e] = logit / temperature - normaliserAt;
    }
    double logMass = LogSpace.logSumExp(logProbs, 1);
    if (logMass > SLACK) {
      throw DataException.of(
          "at temperature %s the kept entries weigh %s, more than all: log-normaliser %s is that of"
              + " another temperature or position",
          temperature, Math.exp(logMass), normaliserAt);
    }
    boolean whole = teacher.logTail() == Double.NEGATIVE_INFINITY;
    boolean fromItself = teacher.draws() > 0 && teacher.logProposals().length == 0;
    return new PositionStatistic(
        teacher.ids(),
        logProbs,
        teacher.reasons(),
        whole ? Double.NEGATIVE_INFINITY : LogSpace.complement(logMass),
        normaliserAt,
        teacher.draws(),
        teacher.counts(),
        fromItself ? teacher.logProbs() : teacher.logProposals());
  }

  /**
   * Returns a loss at temperature T on both sides, times T squared (Hinton and others 2015).
   * Derivatives by z fall as 1/T squared, one 1/T from z/T and one as the distributions flatten;
   * the factor keeps the weight of the soft part beside a hard part when T changes. Value and
   * gradient are multiplied. A cross-entropy with the true token, at temperature 1, is not
   * multiplied.
   *
   * @param logits the student's, at temperature 1
   */
  public static Loss loss(
      StudentLoss loss,
      PositionStatistic teacher,
      double temperature,
      double normaliserAt,
      double[] logits) {
    double[] cooled = logits.clone();
    for (int j = 0; j < cooled.length; j++) {
      cooled[j] /= temperature;
    }
    Loss soft = loss.of(at(teacher, temperature, normaliserAt), cooled);
    return soft.times(temperature * temperature, temperature);
  }

  /** Checks what every change of temperature needs. */
  static void check(PositionStatistic teacher, double temperature) {
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw UsageException.of("temperature %s; need a number > 0", temperature);
    }
    if (!Double.isFinite(teacher.logNormaliser())) {
      throw DataException.of(
          "log-normaliser is %s: the teacher gave log-probs alone. Give these as logits, with"
              + " log-normaliser 0",
          teacher.logNormaliser());
    }
  }
}
