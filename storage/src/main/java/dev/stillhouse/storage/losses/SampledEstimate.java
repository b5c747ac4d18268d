package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.UsageException;
import java.util.Arrays;

/**
 * Cross-entropy estimated from N draws with replacement: w_i = (count_i / N) t_i / q_i stands for
 * t_i; with draws from the teacher itself, count_i / N. As E[count_i] = N q_i, E[w_i] = t_i, and so
 * value and derivative (sum w) p_j - w_j, both linear in w, are on average {@link
 * FullDistillation#crossEntropy}'s. Var(w_i) = t_i (1 - t_i) / N with q = t, where no stored
 * log-prob enters, nor its rounding.
 *
 * <p>The weights are not divided by their sum, though at q != t it is 1 only on average: the mean
 * of a quotient is no quotient of means, and the bias is back. For a divergence subtract the stored
 * entropy from the value; sum w log(w/p) would be biased too, being no linear function of w.
 */
public final class SampledEstimate {
  private SampledEstimate() {}

  /** The estimate with its gradient; a {@link StudentLoss}. */
  public static Loss of(PositionStatistic teacher, double[] logits) {
    StudentLogits student = StudentLogits.facing(teacher, logits);
    return student.crossEntropy(teacher.ids(), weights(teacher));
  }

  /** The w of each entry, 0 where it was not drawn. */
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
