package dev.stillhouse.storage.losses;

import static java.lang.Double.NEGATIVE_INFINITY;

import dev.stillhouse.storage.UsageException;

/**
 * Distillation that merges all ids that were not kept into one: sum_K t log(t/p) + (1-T)
 * log((1-T)/(1-P)), T the teacher's mass in K and P the student's. Merging ids can only bring two
 * distributions nearer, so it is never more than {@link FullDistillation#divergence}. Derivative:
 * p_j - t_j in K, and p_j (1 - (1-T)/(1-P)) outside, which is right in sum and divided as the
 * student divides it.
 *
 * <p>log(1-T) is stored. log(1-P) is summed over the ids outside K, because 1 - P has no digits
 * left when the student is nearly sure. If only the kept log-probs of a student are at hand it is
 * log(-expm1(log P)).
 */
public final class TailBucket {
  private TailBucket() {}

  /** Returns the divergence with its gradient; a {@link StudentLoss}. */
  public static Loss of(PositionStatistic teacher, double[] logits) {
    boolean[] kept = teacher.marked(logits.length);
    StudentLogits student = new StudentLogits(logits);
    double tail = Math.exp(teacher.logTail());
    if (tail > 0 && teacher.ids().length == logits.length) {
      throw UsageException.of(
          "all %d ids are kept, yet %s of the teacher's mass is not; the student lacks ids that the"
              + " teacher has",
          logits.length, tail);
    }
    Loss inside = TopK.truncated(teacher, logits);
    double logOutside = student.logMassOutside(kept);
    double[] gradient = inside.gradient();
    for (int j = 0; j < gradient.length; j++) {
      // Of -tail * log(1-P): its derivative is tail * (p_j - [j outside K] p_j / (1-P)).
      double logProb = student.logProb(j);
      double share = kept[j] || logProb == NEGATIVE_INFINITY ? 0 : Math.exp(logProb - logOutside);
      gradient[j] += LogSpace.weighted(tail, Math.exp(logProb) - share);
    }
    double value = inside.value() + LogSpace.weighted(tail, teacher.logTail() - logOutside);
    return new Loss(value, gradient);
  }
}
