package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.UsageException;

/**
 * Distillation against the kept entries alone. There are three ways to write it, all biased. With K
 * the kept ids, their optimum is p = t / sum_K t (the kept ids are too likely by the missing mass)
 * and, for the first two, nothing outside K. The third has no derivative outside K at all: whatever
 * mass the student has there stays. {@link TailBucket} costs the same and has neither fault in K.
 */
public final class TopK {
  private TopK() {}

  /**
   * Returns sum_K t log(t/p), derivative (sum_K t) p_j - t_j [j in K]. It is below 0 near the
   * optimum, because t does not sum to 1.
   */
  public static Loss truncated(PositionStatistic teacher, double[] logits) {
    return divergence(teacher.ids(), teacher.logProbs(), StudentLogits.facing(teacher, logits));
  }

  /**
   * Returns sum_K u log(u/p) with u = t / sum_K t, p over the whole vocabulary; derivative p_j -
   * u_j.
   */
  public static Loss renormalised(PositionStatistic teacher, double[] logits) {
    StudentLogits student = StudentLogits.facing(teacher, logits);
    return divergence(teacher.ids(), shares(teacher), student);
  }

  /**
   * Returns sum_K u log(u/r) with u = t / sum_K t and the student's r = p / sum_K p; derivative r_j
   * - u_j in K, 0 outside.
   */
  public static Loss bothRenormalised(PositionStatistic teacher, double[] logits) {
    boolean[] kept = teacher.marked(logits.length);
    double[] within = new double[logits.length];
    for (int j = 0; j < within.length; j++) {
      within[j] = kept[j] ? logits[j] : Double.NEGATIVE_INFINITY;
    }
    // Without the others, p is r: exp(-inf) is 0 in the softmax and in its derivative.
    return divergence(teacher.ids(), shares(teacher), new StudentLogits(within));
  }

  /** Returns the log-probs, shifted to sum to 1 over the entries. */
  private static double[] shares(PositionStatistic teacher) {
    double logMass = LogSpace.logSumExp(teacher.logProbs(), 1);
    if (logMass == Double.NEGATIVE_INFINITY) {
      throw UsageException.of(
          "the %d kept entries have no mass to renormalise; keep an entry that has some",
          teacher.ids().length);
    }
    double[] shares = teacher.logProbs().clone();
    for (int e = 0; e < shares.length; e++) {
      shares[e] -= logMass;
    }
    return shares;
  }

  private static Loss divergence(int[] ids, double[] logTargets, StudentLogits student) {
    double[] targets = new double[ids.length];
    double negativeEntropy = 0;
    for (int e = 0; e < ids.length; e++) {
      targets[e] = Math.exp(logTargets[e]);
      negativeEntropy += LogSpace.weighted(targets[e], logTargets[e]);
    }
    Loss loss = student.crossEntropy(ids, targets);
    return new Loss(loss.value() + negativeEntropy, loss.gradient());
  }
}
