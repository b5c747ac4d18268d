package dev.stillhouse.pipeline.teacher.flight;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticSpec.Sample;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a row is the statistic of a distribution, as {@code verify} asks of a shard. For one
 * answer.
 */
final class RowCheck {
  /** Allowed error of float32 sums of a vocabulary's probabilities. */
  private static final double MASS_SLACK = 2e-5;

  /** What rounding may leave of the log of a mass of 1. */
  private static final double LOG_SLACK = 1e-6;

  private final StatisticSpec spec;
  private final int vocabulary;
  private final ImmutableIntArray forced;

  /** The number of the check in which an id came last. */
  private final int[] seen;

  private int number;

  RowCheck(Selection selection) {
    this.spec = selection.spec();
    this.vocabulary = selection.vocabulary();
    this.forced = selection.forced();
    this.seen = new int[vocabulary];
  }

  /** Returns what is wrong with a row, or null. */
  @Nullable String row(
      StatisticsBatch scalars,
      int slot,
      int[] ids,
      float[] logProbs,
      Provenance provenance,
      int from,
      int to) {
    String wrong = entries(ids, logProbs, provenance, from, to);
    if (wrong == null) {
      wrong = scalars(scalars, slot);
    }
    if (wrong == null) {
      wrong = mass(scalars.logTail()[slot], logProbs, from, to);
    }
    if (wrong == null) {
      wrong = target(scalars, slot, ids, logProbs, from, to);
    }
    return wrong == null ? reasons(provenance, from, to) : wrong;
  }

  private @Nullable String entries(
      int[] ids, float[] logProbs, Provenance provenance, int from, int to) {
    number++;
    for (int e = from; e < to; e++) {
      int id = ids[e];
      if (id < 0 || id >= vocabulary) {
        return "it keeps id " + id + "; the vocabulary has " + vocabulary;
      }
      if (seen[id] == number) {
        return "it keeps id " + id + " twice";
      }
      seen[id] = number;
      float logProb = logProbs[e];
      if (!(logProb <= 0) || (e > from && logProb > logProbs[e - 1])) {
        return "the log-prob of id " + id + " is " + logProb + "; need at most 0, best first";
      }
      int why = provenance.reasons().length > 0 ? provenance.reasons()[e] : spec.reasons();
      boolean likely = (why & (Reason.TOP.bit() | Reason.SAMPLED.bit())) != 0;
      if (likely && logProb == Float.NEGATIVE_INFINITY) {
        return "id " + id + " is kept for its mass, and has none";
      }
    }
    return null;
  }

  private @Nullable String scalars(StatisticsBatch scalars, int slot) {
    if (!(scalars.logTail()[slot] <= LOG_SLACK)) {
      return "its log_tail is " + scalars.logTail()[slot] + "; need at most 0";
    }
    float entropy = scalars.entropy()[slot];
    if (!(entropy >= 0 && entropy <= Math.log(vocabulary) + 1e-4)) {
      return "its entropy is " + entropy + " nats; need 0 to the log of " + vocabulary;
    }
    if (!Float.isFinite(scalars.logNormaliser()[slot])) {
      return "its log_normaliser is " + scalars.logNormaliser()[slot];
    }
    for (float[] further : scalars.further()) {
      if (!Float.isFinite(further[slot])) {
        return "a normaliser at another temperature is " + further[slot];
      }
    }
    return null;
  }

  private static @Nullable String mass(float logTail, float[] logProbs, int from, int to) {
    double mass = Math.exp(logTail);
    for (int e = from; e < to; e++) {
      mass += Math.exp(logProbs[e]);
    }
    return Math.abs(mass - 1) <= MASS_SLACK
        ? null
        : "kept mass and tail add up to " + mass + "; need 1";
  }

  private @Nullable String target(
      StatisticsBatch scalars, int slot, int[] ids, float[] logProbs, int from, int to) {
    int target = scalars.tokens().target(slot);
    float logProb = scalars.targetLogProb()[slot];
    if (target == TokenBatch.NO_TARGET) {
      return Float.isNaN(logProb) ? null : "it has no target, but target_log_prob " + logProb;
    }
    if (!(logProb <= 0)) {
      return "its target_log_prob is " + logProb + "; need at most 0";
    }
    boolean kept = false;
    for (int e = from; e < to; e++) {
      if (ids[e] == target) {
        kept = true;
        if (logProbs[e] != logProb) {
          return "target_log_prob is "
              + logProb
              + ", and the entry of id "
              + target
              + " says "
              + logProbs[e];
        }
      }
    }
    return spec.target() && !kept ? "the target, id " + target + ", is not kept" : null;
  }

  private @Nullable String reasons(Provenance provenance, int from, int to) {
    long drawn = 0;
    int always = 0;
    for (int e = from; e < to; e++) {
      int why = provenance.reasons().length > 0 ? provenance.reasons()[e] : spec.reasons();
      if (why == 0 || (why & ~spec.reasons()) != 0) {
        return "an entry has the reasons " + why + "; need some of " + spec.reasons();
      }
      if (provenance.counts().length > 0) {
        int count = provenance.counts()[e];
        if (count < 0 || count > 0 != Reason.SAMPLED.in(why)) {
          return "an entry was drawn " + count + " times, and its reasons are " + why;
        }
        drawn += count;
      }
      if (provenance.logProposals().length > 0 && !(provenance.logProposals()[e] <= 0)) {
        return "a log_proposal is " + provenance.logProposals()[e] + "; need at most 0";
      }
      always += Reason.FORCED.in(why) ? 1 : 0;
    }
    int draws = spec.sample().map(Sample::draws).orElse(0);
    if (drawn != draws) {
      return "its entries were drawn " + drawn + " times; need " + draws;
    }
    return always == forced.length()
        ? null
        : "it keeps " + always + " forced ids; need " + forced.length();
  }
}
