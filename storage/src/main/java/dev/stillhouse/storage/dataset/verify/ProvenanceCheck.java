package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.layout.ErrorBound;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticSpec.Sample;
import dev.stillhouse.storage.statistics.StatisticSpec.TopP;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Checks that each entry has a reason that its statistic asks for. The best come first, draws add
 * up, the target is there where there is one, and forced ids are the same at every position.
 */
final class ProvenanceCheck {
  /** Allowed error of float32 values and their differences, as a share. */
  private static final double ROUNDING = 1e-6;

  private final ErrorBound error;
  private final StatisticSpec spec;
  private final boolean targetsUnknown;
  private int @Nullable [] forced;

  /**
   * Creates a check of positions that are not padding.
   *
   * @param targetsUnknown whether a target that is not kept may have no log-prob
   */
  ProvenanceCheck(ErrorBound error, StatisticSpec spec, boolean targetsUnknown) {
    this.error = error;
    this.spec = spec;
    this.targetsUnknown = targetsUnknown;
  }

  /**
   * Checks a position.
   *
   * @param slack allowed error of a sum of probabilities
   * @throws dev.stillhouse.storage.DamagedBlobException if something is wrong
   */
  void accept(CheckedPosition position, double slack) {
    reasons(position);
    top(position, slack);
    spec.sample().ifPresent(sample -> draws(position, sample));
    if (spec.hasProposals()) {
      proposals(position, spec.sample().orElseThrow().temperature());
    }
    target(position);
    if (spec.forced().isPresent()) {
      forced(position);
    }
  }

  private void reasons(CheckedPosition position) {
    for (int e = position.from(); e < position.to(); e++) {
      int reasons = reasons(position, e);
      if (reasons == 0 || (reasons & ~spec.reasons()) != 0) {
        throw position.wrong(
            "entry of token %d has reasons %d; the statistic %s has %d",
            position.batch().ids()[e], reasons, spec, spec.reasons());
      }
    }
  }

  /**
   * Returns the reasons of entry {@code e}. Without a column, all entries have the only reason
   * there is.
   */
  private int reasons(CheckedPosition position, int e) {
    return spec.hasReasons() ? position.batch().provenance().reasons()[e] : spec.reasons();
  }

  private boolean has(Reason reason, CheckedPosition position, int e) {
    return reason.in(reasons(position, e));
  }

  /** Checks that the best entries are a prefix of all, complete, with nothing better left out. */
  private void top(CheckedPosition position, double slack) {
    int end = position.from();
    double mass = 0; // of all but the last
    double last = 0;
    while (end < position.to() && has(Reason.TOP, position, end)) {
      mass += last;
      last = Math.exp(position.logProb(end++));
    }
    int count = end - position.from();
    for (int e = end; e < position.to(); e++) {
      if (has(Reason.TOP, position, e)) {
        throw position.wrong("the best entries do not come first");
      }
    }
    if (count > spec.maxTop()) {
      throw position.wrong("%d entries are among the best; the statistic is %s", count, spec);
    }
    TopP topP = spec.topP().orElse(null);
    if (topP != null && count > spec.topK() && mass > topP.mass() + slack) {
      throw position.wrong("%d entries where fewer reach the mass of %s", count, topP);
    }
    if (topP != null && count < topP.max() && mass + last < topP.mass() - slack) {
      throw position.wrong("%d entries do not reach the mass of %s", count, topP);
    }
    notBetter(position, end);
  }

  private void notBetter(CheckedPosition position, int end) {
    int target = position.target();
    if (end == position.from() || target == TokenBatch.NO_TARGET) {
      return;
    }
    float logProb = position.batch().targetLogProb()[position.slot()];
    float worst = position.logProb(end - 1);
    boolean kept = position.batch().find(position.slot(), target) >= 0;
    boolean unknown = targetsUnknown && Float.isNaN(logProb);
    if (!kept && !unknown && !(logProb <= worst + error.bound(worst))) {
      throw position.wrong(
          "token %d has %s, better than %s, but is not kept", target, logProb, worst);
    }
  }

  private void draws(CheckedPosition position, Sample sample) {
    int[] counts = position.batch().provenance().counts();
    long draws = 0;
    for (int e = position.from(); e < position.to(); e++) {
      if (counts[e] < 0 || counts[e] > 0 != has(Reason.SAMPLED, position, e)) {
        throw position.wrong(
            "entry of token %d was drawn %d times, its reasons are %d",
            position.batch().ids()[e], counts[e], reasons(position, e));
      }
      draws += counts[e];
    }
    if (draws != sample.draws()) {
      throw position.wrong("counts add up to %d draws; the statistic is %s", draws, spec);
    }
  }

  /**
   * Checks that the proposal is softmax(logits / T): log q = log p / T + a constant of the
   * position.
   */
  private void proposals(CheckedPosition position, double temperature) {
    double min = Double.NEGATIVE_INFINITY; // of what the constant may be
    double max = Double.POSITIVE_INFINITY;
    for (int e = position.from(); e < position.to(); e++) {
      float logProb = position.logProb(e);
      float logProposal = position.batch().provenance().logProposals()[e];
      int count = position.batch().provenance().counts()[e];
      if (!(logProposal <= 0) || (count > 0 && Float.isInfinite(logProposal))) {
        throw position.wrong(
            "entry of token %d, drawn %d times, has log-proposal %s",
            position.batch().ids()[e], count, logProposal);
      }
      if (Float.isInfinite(logProb) || Float.isInfinite(logProposal)) {
        continue;
      }
      double constant = logProposal - logProb / temperature;
      double off =
          (error.bound(logProb) - ROUNDING * logProb) / temperature + ROUNDING * (1 - logProposal);
      min = Math.max(min, constant - off);
      max = Math.min(max, constant + off);
      if (min > max) {
        throw position.wrong(
            "entry of token %d has log-prob %s and log-proposal %s, which is not that of"
                + " temperature %s beside the entries before it",
            position.batch().ids()[e], logProb, logProposal, temperature);
      }
    }
  }

  private void target(CheckedPosition position) {
    if (!spec.target()) {
      return;
    }
    boolean kept = false;
    for (int e = position.from(); e < position.to(); e++) {
      boolean isTarget = position.batch().ids()[e] == position.target();
      if (isTarget != has(Reason.TARGET, position, e)) {
        throw position.wrong(
            "entry of token %d has reasons %d, the target is %d",
            position.batch().ids()[e], reasons(position, e), position.target());
      }
      kept |= isTarget;
    }
    if (!kept && position.target() != TokenBatch.NO_TARGET) {
      throw position.wrong("the target, token %d, is not kept", position.target());
    }
  }

  private void forced(CheckedPosition position) {
    int[] found =
        IntStream.range(position.from(), position.to())
            .filter(e -> has(Reason.FORCED, position, e))
            .map(e -> position.batch().ids()[e])
            .sorted()
            .toArray();
    if (forced == null) {
      forced = found;
    }
    if (!Arrays.equals(forced, found)) {
      throw position.wrong(
          "forced tokens are %s, at the first position %s",
          Arrays.toString(found), Arrays.toString(forced));
    }
  }
}
