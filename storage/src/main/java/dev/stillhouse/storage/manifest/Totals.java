package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.statistics.StatisticsBatch;

/**
 * Sums over some positions, from which a dataset's means are computed.
 *
 * @param positions slots that are not padding
 * @param targets positions that have a target
 * @param entries kept entries
 * @param targetLogProb sum of the targets' log-probs, nats
 * @param entropy sum of entropies, nats
 * @param tailMass sum of the probability that was not kept
 */
public record Totals(
    long positions,
    long targets,
    long entries,
    double targetLogProb,
    double entropy,
    double tailMass) {
  /** Max relative change of a sum of values of one sign when they are added in another order. */
  private static final double ORDER_OF_SUM = 1e-8;

  /** The sums over no positions. */
  public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0);

  /** Returns the sums with a batch added, slot after slot. */
  public Totals plus(StatisticsBatch batch) {
    long targetCount = 0;
    long positionCount = 0;
    double target = 0;
    double entropies = 0;
    double tail = 0;
    for (int i = 0; i < batch.tokens().slots(); i++) {
      if (batch.tokens().padding(i)) {
        continue;
      }
      positionCount++;
      entropies += batch.entropy()[i];
      tail += StrictMath.exp(batch.logTail()[i]);
      if (!Float.isNaN(batch.targetLogProb()[i])) {
        targetCount++;
        target += batch.targetLogProb()[i];
      }
    }
    return plus(new Totals(positionCount, targetCount, batch.entries(), target, entropies, tail));
  }

  /** Returns the sum of two. */
  public Totals plus(Totals other) {
    return new Totals(
        positions + other.positions,
        targets + other.targets,
        entries + other.entries,
        targetLogProb + other.targetLogProb,
        entropy + other.entropy,
        tailMass + other.tailMass);
  }

  /** Returns whether both sum the same values, perhaps in another order. */
  public boolean sameAs(Totals other) {
    return positions == other.positions
        && targets == other.targets
        && entries == other.entries
        && sameSum(targetLogProb, other.targetLogProb)
        && sameSum(entropy, other.entropy)
        && sameSum(tailMass, other.tailMass);
  }

  private static boolean sameSum(double one, double two) {
    return Double.compare(one, two) == 0
        || Math.abs(one - two) <= ORDER_OF_SUM * Math.max(Math.abs(one), Math.abs(two));
  }

  /** Returns the mean over targets, nats; 0 where there is none. */
  public double meanTargetLogProb() {
    return targets == 0 ? 0 : targetLogProb / targets;
  }

  /** Returns the mean over positions, nats. */
  public double meanEntropy() {
    return positions == 0 ? 0 : entropy / positions;
  }

  /** Returns the mean over positions of the probability that was not kept. */
  public double meanTailMass() {
    return positions == 0 ? 0 : tailMass / positions;
  }
}
