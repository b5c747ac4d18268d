package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.UsageException;
import java.util.Arrays;

/** A student's logits, checked and normalised. */
final class StudentLogits {
  private final double[] logProbs;

  StudentLogits(double[] logits) {
    for (int j = 0; j < logits.length; j++) {
      if (!(logits[j] < Double.POSITIVE_INFINITY)) {
        throw UsageException.of(
            "the student's logit of id %d is %s; need a finite number, or -inf for an id that the"
                + " student cannot say",
            j, logits[j]);
      }
    }
    double max = Arrays.stream(logits).max().orElse(Double.NEGATIVE_INFINITY);
    if (max == Double.NEGATIVE_INFINITY) {
      throw UsageException.of(
          "none of the student's %d logits is finite; a distribution needs one", logits.length);
    }
    logProbs = new double[logits.length];
    Arrays.setAll(logProbs, j -> logits[j] - max);
    double logSum = LogSpace.logSumExp(logProbs, 1);
    Arrays.setAll(logProbs, j -> logProbs[j] - logSum);
  }

  /** Returns the logits, if they have a place for each of the teacher's ids, each once. */
  static StudentLogits facing(PositionStatistic teacher, double[] logits) {
    teacher.marked(logits.length);
    return new StudentLogits(logits);
  }

  double logProb(int id) {
    return logProbs[id];
  }

  /**
   * Returns the log of the student's mass outside of the marked ids. It is summed directly, not
   * taken as a difference.
   */
  double logMassOutside(boolean[] marked) {
    double[] outside = new double[logProbs.length];
    Arrays.setAll(outside, j -> marked[j] ? Double.NEGATIVE_INFINITY : logProbs[j]);
    return LogSpace.logSumExp(outside, 1);
  }

  /** Returns a new array with {@code factor} * p. */
  double[] probabilities(double factor) {
    double[] probabilities = new double[logProbs.length];
    Arrays.setAll(probabilities, j -> factor * Math.exp(logProbs[j]));
    return probabilities;
  }

  /**
   * Returns the cross-entropy against weights that need not sum to 1: value -sum w log p,
   * derivative (sum w) p_j - w_j.
   */
  Loss crossEntropy(int[] ids, double[] weights) {
    double value = 0;
    double sum = 0;
    for (int e = 0; e < ids.length; e++) {
      value -= LogSpace.weighted(weights[e], logProb(ids[e]));
      sum += weights[e];
    }
    double[] gradient = probabilities(sum);
    for (int e = 0; e < ids.length; e++) {
      gradient[ids[e]] -= weights[e];
    }
    return new Loss(value, gradient);
  }
}
