package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.layout.ErrorBound;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * Checks laws 1 and 3, value by value. The target's log-prob is that of the kept entry of the next
 * token, entries come best first and each once, the mass adds up to one, and padding has no
 * statistics. Rounded values get their bound.
 */
final class StatisticsCheck {
  /** Allowed error of float32 sums of a vocabulary's probabilities. */
  private static final double MASS_SLACK = 2e-5;

  private final String blob;
  private final ErrorBound error;
  private final int vocabulary;
  private final ProvenanceCheck provenance;
  private final NormalisersCheck normalisers;

  /**
   * Creates a check of one shard.
   *
   * @param targetsUnknown whether a target that is not kept may have no log-prob
   */
  StatisticsCheck(
      String blob, ErrorBound error, StatisticSpec spec, int vocabulary, boolean targetsUnknown) {
    this.blob = blob;
    this.error = error;
    this.vocabulary = vocabulary;
    this.provenance = new ProvenanceCheck(error, spec, targetsUnknown);
    this.normalisers = new NormalisersCheck(error, spec, vocabulary);
  }

  /**
   * Checks a batch.
   *
   * @throws dev.stillhouse.storage.DamagedBlobException at the first position that is wrong
   */
  void accept(StatisticsBatch batch) {
    for (int i = 0; i < batch.tokens().slots(); i++) {
      CheckedPosition position = new CheckedPosition(blob, batch, i);
      if (batch.tokens().padding(i)) {
        padding(position);
      } else if (!nothingKnown(position)) {
        provenance.accept(position, mass(position));
        once(position);
        target(position);
        normalisers.accept(position);
      }
    }
  }

  /** Returns whether the teacher said nothing of a position: all of its mass is in the tail. */
  private static boolean nothingKnown(CheckedPosition position) {
    StatisticsBatch batch = position.batch();
    int i = position.slot();
    return position.from() == position.to()
        && batch.logTail()[i] == 0
        && Float.isNaN(batch.entropy()[i])
        && Float.isNaN(batch.logNormaliser()[i])
        && Float.isNaN(batch.targetLogProb()[i])
        && Arrays.stream(batch.further()).allMatch(at -> Float.isNaN(at[i]));
  }

  private static void padding(CheckedPosition position) {
    StatisticsBatch batch = position.batch();
    int i = position.slot();
    boolean silent =
        position.from() == position.to()
            && Float.isNaN(batch.logTail()[i])
            && Float.isNaN(batch.entropy()[i])
            && Float.isNaN(batch.logNormaliser()[i])
            && Float.isNaN(batch.targetLogProb()[i])
            && Arrays.stream(batch.further()).allMatch(at -> Float.isNaN(at[i]));
    if (!silent) {
      throw position.wrong("padding has statistics");
    }
  }

  /** Returns the allowed error of a sum over kept entries. */
  private double mass(CheckedPosition position) {
    double mass = Math.exp(position.batch().logTail()[position.slot()]);
    double slack = MASS_SLACK;
    for (int e = position.from(); e < position.to(); e++) {
      float logProb = position.logProb(e);
      int id = position.batch().ids()[e];
      if (id < 0 || id >= vocabulary) {
        throw position.wrong("entry of token %d, vocabulary %d", id, vocabulary);
      }
      if (e > position.from() && logProb > position.logProb(e - 1)) {
        throw position.wrong("entries are not best first");
      }
      double p = Math.exp(logProb);
      mass += p;
      slack += p == 0 ? 0 : p * error.bound(logProb);
    }
    if (!(Math.abs(mass - 1) <= slack)) {
      throw position.wrong("kept mass and tail add up to %s", mass);
    }
    return slack;
  }

  private static void once(CheckedPosition position) {
    int[] ids = Arrays.copyOfRange(position.batch().ids(), position.from(), position.to());
    Arrays.sort(ids);
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] == ids[i - 1]) {
        throw position.wrong("token %d is kept twice", ids[i]);
      }
    }
  }

  private void target(CheckedPosition position) {
    int target = position.target();
    float logProb = position.batch().targetLogProb()[position.slot()];
    if (target == TokenBatch.NO_TARGET) {
      if (!Float.isNaN(logProb)) {
        throw position.wrong("has no target, but target_log_prob %s", logProb);
      }
      return;
    }
    int entry = position.batch().find(position.slot(), target);
    if (entry >= 0) {
      float kept = position.logProb(entry);
      if (!(kept == logProb || Math.abs(kept - logProb) <= error.bound(logProb))) {
        throw position.wrong(
            "target_log_prob %s, entry of token %d says %s", logProb, target, kept);
      }
    }
  }
}
