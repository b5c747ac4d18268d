package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.UsageException;
import java.util.Arrays;

/**
 * Estimates the cross-entropy from N draws with replacement: w_i = (count_i / N) t_i / q_i stands
 * for t_i; with draws from the teacher itself, count_i / N. As E[count_i] = N q_i, E[w_i] = t_i.
 * Value and derivative (sum w) p_j - w_j are linear in w, so on average they are those of {@link
 * FullDistillation#crossEntropy}. Var(w_i) = t_i (1 - t_i) / N with q = t, and no stored log-prob
 * nor its rounding enters.
 *
 * <p>The weights are not divided by their sum, although at q != t it is 1 only on average: the mean
 * of a quotient is not the quotient of means, and the bias would be back. For a divergence subtract
 * the stored entropy from the value; sum w log(w/p) would be biased too, since it is not linear in
 * w.
 */
public final class SampledEstimate {
  private SampledEstimate() {}

  /** Returns the estimate with its gradient; a {@link StudentLoss}. */
  public static Loss of(PositionStatistic teacher, double[] logits) {
    StudentLogits student = StudentLogits.facing(teacher, logits);
    return student.crossEntropy(teacher.ids(), weights(teacher));
  }

  /** Returns the w of each entry; 0 if it was not drawn. */
  static double[] weights(PositionStatistic teacher) {
    int[] counts = teacher.counts();
    int draws = teacher.draws();
    if (draws == 0) {
      throw UsageException.of(
          "the statistic has no draws; an estimate needs sample:N, without it TailBucket is nearest");
    }
    long counted = Arrays.stream(counts).asLongStream().sum();
    if (counted != draws) {
      throw UsageException.of(
          "counts sum to %d, but %d draws were made; an estimate needs every drawn entry",
          counted, draws);
    }
    double[] proposals = teacher.logProposals();
    double[] weights = new double[counts.length];
    for (int e = 0; e < counts.length; e++) {
      double logProb = teacher.logProbs()[e];
      double logProposal = proposals.length == 0 ? logProb : proposals[e];
      if (counts[e] < 0 || (counts[e] > 0 && !Double.isFinite(logProposal))) {
        throw UsageException.of(
            "id %d was drawn %d times at log-proposal %s; need a count >= 0, and 0 where nothing"
                + " can be drawn",
            teacher.ids()[e], counts[e], logProposal);
      }
      weights[e] = counts[e] == 0 ? 0 : (double) counts[e] / draws;
      if (proposals.length > 0 && counts[e] > 0) {
        weights[e] *= Math.exp(logProb - logProposal);
      }
    }
    return weights;
  }
}
