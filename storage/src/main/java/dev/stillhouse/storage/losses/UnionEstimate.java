package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.statistics.Reason;

/**
 * Estimates the cross-entropy from certain entries and draws together, as {@code
 * top-k:32+sample:50} keeps them. D are the ids that are kept whatever is drawn (top, forced,
 * target): w_i = t_i for i in D, and {@link SampledEstimate}'s w_i for the rest; {@code counts} of
 * ids in D are left out.
 *
 * <p>It is unbiased: D does not depend on the draws, so E[w_i] = t_i in D trivially, outside as
 * there, and value and derivative (sum w) p_j - w_j are linear in w. Var(w_i) falls to 0 in D and
 * stays as it was outside. Putting t_i for every id at hand, drawn ones too, would be wrong: these
 * are in K only when drawn. Without reasons the statistic is no union, and this is {@code
 * SampledEstimate}.
 */
public final class UnionEstimate {
  private UnionEstimate() {}

  /** Returns the estimate with its gradient; a {@link StudentLoss}. */
  public static Loss of(PositionStatistic teacher, double[] logits) {
    StudentLogits student = StudentLogits.facing(teacher, logits);
    return student.crossEntropy(teacher.ids(), weights(teacher));
  }

  /** Returns the w of each entry. */
  static double[] weights(PositionStatistic teacher) {
    double[] weights = SampledEstimate.weights(teacher);
    for (int e = 0; e < weights.length; e++) {
      if ((teacher.reasons()[e] & ~Reason.SAMPLED.bit()) != 0) {
        weights[e] = Math.exp(teacher.logProbs()[e]);
      }
    }
    return weights;
  }
}
