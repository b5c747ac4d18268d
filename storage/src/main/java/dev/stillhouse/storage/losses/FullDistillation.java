package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.UsageException;
import java.util.stream.IntStream;

/**
 * Distillation against the teacher's whole distribution: the reference for all kept statistics.
 * Derivative (sum t) p_j - t_j, with sum t = 1.
 */
public final class FullDistillation {
  private FullDistillation() {}

  /**
   * Returns -sum t log p, which {@link SampledEstimate} and {@link UnionEstimate} estimate.
   *
   * @param logProbs the teacher's, one for each id; -inf is no mass
   */
  public static Loss crossEntropy(double[] logProbs, double[] logits) {
    if (logProbs.length != logits.length) {
      throw UsageException.of(
          "the teacher has %d log-probs, the student %d logits; cut or pad to one vocabulary",
          logProbs.length, logits.length);
    }
    double[] t = new double[logProbs.length];
    for (int j = 0; j < t.length; j++) {
      t[j] = Math.exp(logProbs[j]);
    }
    return new StudentLogits(logits).crossEntropy(IntStream.range(0, t.length).toArray(), t);
  }

  /**
   * Returns sum t log(t/p), the Kullback-Leibler divergence: cross-entropy less the teacher's
   * entropy.
   */
  public static Loss divergence(double[] logProbs, double[] logits) {
    Loss loss = crossEntropy(logProbs, logits);
    double negativeEntropy = 0;
    for (double logProb : logProbs) {
      negativeEntropy += LogSpace.weighted(Math.exp(logProb), logProb);
    }
    return new Loss(loss.value() + negativeEntropy, loss.gradient());
  }
}
