package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;

/**
 * Law 1 and law 3, value by value: the target's log-prob is that of the kept entry of the next
 * token, entries come best first, mass adds up to one, padding says nothing. What a layout rounds
 * is given its bound.
 */
final class StatisticsCheck {
  /** What float32 sums of a vocabulary's probabilities may be off by. */
  private static final double MASS_SLACK = 2e-5;

  private final String blob;
  private final Layout layout;
  private final int vocabulary;

  StatisticsCheck(String blob, Layout layout, int vocabulary) {
    this.blob = blob;
    this.layout = layout;
    this.vocabulary = vocabulary;
  }

  /** Throws {@link DamagedBlobException} at the first position that is wrong. */
  void accept(StatisticsBatch batch) {
    for (int i = 0; i < batch.tokens().slots(); i++) {
      if (batch.tokens().padding(i)) {
        padding(batch, i);
      } else {
        mass(batch, i);
        target(batch, i);
      }
    }
  }

  private void padding(StatisticsBatch batch, int i) {
    boolean silent =
        batch.offsets()[i] == batch.offsets()[i + 1]
            && Float.isNaN(batch.logTail()[i])
            && Float.isNaN(batch.entropy()[i])
            && Float.isNaN(batch.targetLogProb()[i]);
    if (!silent) {
      throw wrong(batch, i, "padding has statistics");
    }
  }

  private void mass(StatisticsBatch batch, int i) {
    double mass = Math.exp(batch.logTail()[i]);
    double slack = MASS_SLACK;
    for (int e = batch.offsets()[i]; e < batch.offsets()[i + 1]; e++) {
      float logProb = batch.logProbs()[e];
      if (batch.ids()[e] < 0 || batch.ids()[e] >= vocabulary) {
        throw wrong(batch, i, "entry of token " + batch.ids()[e] + ", vocabulary " + vocabulary);
      }
      if (e > batch.offsets()[i] && logProb > batch.logProbs()[e - 1]) {
        throw wrong(batch, i, "entries are not best first");
      }
      double p = Math.exp(logProb);
      mass += p;
      slack += p == 0 ? 0 : p * layout.bound(logProb);
    }
    if (!(Math.abs(mass - 1) <= slack)) {
      throw wrong(batch, i, "kept mass and tail add up to " + mass);
    }
  }

  private void target(StatisticsBatch batch, int i) {
    int target = batch.tokens().target(i);
    float logProb = batch.targetLogProb()[i];
    if (target == TokenBatch.NO_TARGET) {
      if (!Float.isNaN(logProb)) {
        throw wrong(batch, i, "has no target, but target_log_prob " + logProb);
      }
      return;
    }
    int entry = batch.find(i, target);
    if (entry >= 0) {
      float kept = batch.logProbs()[entry];
      if (!(kept == logProb || Math.abs(kept - logProb) <= layout.bound(logProb))) {
        throw wrong(
            batch,
            i,
            "target_log_prob " + logProb + ", entry of token " + target + " says " + kept);
      }
    } else if (batch.offsets()[i] < batch.offsets()[i + 1]) {
      float worst = batch.logProbs()[batch.offsets()[i + 1] - 1];
      if (!(logProb <= worst + layout.bound(worst))) {
        throw wrong(
            batch,
            i,
            "token " + target + " has " + logProb + ", better than " + worst + ", but is not kept");
      }
    }
  }

  private DamagedBlobException wrong(StatisticsBatch batch, int i, String reason) {
    int length = batch.tokens().length();
    return new DamagedBlobException(
        blob,
        0,
        "sequence "
            + (batch.tokens().firstSequence() + i / length)
            + ", position "
            + i % length
            + ": "
            + reason);
  }
}
