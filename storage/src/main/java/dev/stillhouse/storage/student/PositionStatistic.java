package dev.stillhouse.storage.student;

import dev.stillhouse.storage.UsageException;
import java.util.Arrays;

/**
 * What is stored of a teacher's distribution at one position. {@link #of} takes it out of the long
 * arrays of a batch; {@link #withDraws} and {@link #withReasons} add what only some statistics
 * have.
 *
 * @param ids token ids of the kept entries, each once
 * @param logProbs their natural log-probs against the full vocabulary; -inf is no mass
 * @param logTail log of the mass that was not kept, -inf when nothing is left
 * @param logNormaliser log-sum-exp of the teacher's logits, NaN if it gave none. A teacher of
 *     log-probs alone may be given 0: log-probs are logits whose log-normaliser is 0
 * @param counts how often each entry was drawn, with replacement; empty without draws
 * @param logProposals log q of each entry, from which was drawn; empty: from the teacher itself
 * @param reasons bits of {@link Reasons}; empty where the statistic is no union: then all entries
 *     are the best, or with {@code counts} all were drawn
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record PositionStatistic(
    int[] ids,
    double[] logProbs,
    double logTail,
    double logNormaliser,
    int[] counts,
    double[] logProposals,
    byte[] reasons) {

  public PositionStatistic {
    need(logProbs.length, "log-probs", ids.length);
    need(counts.length == 0 ? ids.length : counts.length, "counts", ids.length);
    need(logProposals.length == 0 ? ids.length : logProposals.length, "log-proposals", ids.length);
    need(reasons.length == 0 ? ids.length : reasons.length, "reasons", ids.length);
    for (int e = 0; e < ids.length; e++) {
      if (!(logProbs[e] < Double.POSITIVE_INFINITY)) {
        throw UsageException.of(
            "log-prob of id %d is %s; need a number, or -inf for no mass", ids[e], logProbs[e]);
      }
    }
    if (!(logTail < Double.POSITIVE_INFINITY)) {
      throw UsageException.of(
          "log tail mass is %s; a position of padding has none, and no loss: skip it", logTail);
    }
  }

  /** A position without draws and without reasons. */
  public PositionStatistic(int[] ids, double[] logProbs, double logTail, double logNormaliser) {
    this(ids, logProbs, logTail, logNormaliser, new int[0], new double[0], new byte[0]);
  }

  /** Entries {@code from} to {@code to} (exclusive) of the arrays of many positions, copied. */
  public static PositionStatistic of(
      int[] ids, float[] logProbs, int from, int to, double logTail, double logNormaliser) {
    if (from < 0 || from > to || to > Math.min(ids.length, logProbs.length)) {
      throw UsageException.of(
          "entries %d to %d (exclusive) of %d ids and %d log-probs do not exist",
          from, to, ids.length, logProbs.length);
    }
    int[] its = Arrays.copyOfRange(ids, from, to);
    double[] logs = widened(logProbs, from, to - from);
    return new PositionStatistic(its, logs, logTail, logNormaliser);
  }

  /**
   * With draws; the arrays' elements from {@code from} on are this position's, if they have any.
   */
  public PositionStatistic withDraws(int[] counts, float[] logProposals, int from) {
    inside(counts.length, "counts", from);
    boolean itself = logProposals.length == 0;
    inside(itself ? counts.length : logProposals.length, "log-proposals", from);
    return new PositionStatistic(
        ids,
        logProbs,
        logTail,
        logNormaliser,
        Arrays.copyOfRange(counts, from, from + ids.length),
        itself ? new double[0] : widened(logProposals, from, ids.length),
        reasons);
  }

  /** With reasons; the array's elements from {@code from} on are this position's. */
  public PositionStatistic withReasons(byte[] reasons, int from) {
    inside(reasons.length, "reasons", from);
    byte[] its = Arrays.copyOfRange(reasons, from, from + ids.length);
    return new PositionStatistic(ids, logProbs, logTail, logNormaliser, counts, logProposals, its);
  }

  /** Which of {@code vocabulary} ids are kept; an error if one lies beyond, or is there twice. */
  boolean[] marked(int vocabulary) {
    boolean[] marked = new boolean[vocabulary];
    for (int e = 0; e < ids.length; e++) {
      int id = ids[e];
      if (id < 0 || id >= vocabulary) {
        throw UsageException.of(
            "entry %d has id %d, but the student has %d logits; cut or pad them to the teacher's"
                + " vocabulary",
            e, id, vocabulary);
      }
      if (marked[id]) {
        throw UsageException.of("id %d is kept twice; a position keeps each id once", id);
      }
      marked[id] = true;
    }
    return marked;
  }

  private static double[] widened(float[] values, int from, int count) {
    double[] widened = new double[count];
    for (int i = 0; i < count; i++) {
      widened[i] = values[from + i];
    }
    return widened;
  }

  private void inside(int found, String what, int from) {
    if (from < 0 || from > found - ids.length) {
      throw UsageException.of(
          "of %d %s' elements from %d on %d are needed, one for each id",
          found, what, from, ids.length);
    }
  }

  private static void need(int found, String what, int entries) {
    if (found != entries) {
      throw UsageException.of("%d ids and %d %s; need one for each id", entries, found, what);
    }
  }
}
