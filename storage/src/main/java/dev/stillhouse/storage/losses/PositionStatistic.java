package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.Reason;
import java.util.Arrays;

/**
 * The stored statistic of a teacher's distribution at one position. {@link BatchPositions} takes it
 * from a batch.
 *
 * @param ids token ids of the kept entries, each once
 * @param logProbs their natural log-probs against the full vocabulary; -inf is no mass
 * @param reasons bits of {@link Reason}, why each is kept
 * @param logTail log of the mass that was not kept, -inf if there is none
 * @param logNormaliser log-sum-exp of the teacher's logits, NaN if it gave none. For a teacher of
 *     log-probs alone it may be 0: log-probs are logits whose log-normaliser is 0
 * @param draws number of draws with replacement (N); 0 without draws
 * @param counts how often each entry was drawn; empty without draws
 * @param logProposals log of the probability q of each entry under the proposal; empty if the
 *     teacher itself was the proposal
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record PositionStatistic(
    int[] ids,
    double[] logProbs,
    byte[] reasons,
    double logTail,
    double logNormaliser,
    int draws,
    int[] counts,
    double[] logProposals) {

  public PositionStatistic {
    need(ids.length, "log-probs", logProbs.length);
    need(ids.length, "reasons", reasons.length);
    need(draws > 0 ? ids.length : 0, "counts", counts.length);
    need(logProposals.length > 0 ? counts.length : 0, "log-proposals", logProposals.length);
    for (int e = 0; e < ids.length; e++) {
      if (!(logProbs[e] < Double.POSITIVE_INFINITY)) {
        throw UsageException.of(
            "log-prob of id %d is %s; need a number, or -inf for no mass", ids[e], logProbs[e]);
      }
    }
    if (!(logTail < Double.POSITIVE_INFINITY)) {
      throw UsageException.of(
          "log tail mass is %s; need a number or -inf. Padding has none, and no loss: skip it",
          logTail);
    }
  }

  /** Creates a position whose entries are the best, without draws. */
  public PositionStatistic(int[] ids, double[] logProbs, double logTail, double logNormaliser) {
    this(
        ids,
        logProbs,
        same(Reason.TOP, ids.length),
        logTail,
        logNormaliser,
        0,
        new int[0],
        new double[0]);
  }

  private static byte[] same(Reason reason, int entries) {
    byte[] reasons = new byte[entries];
    Arrays.fill(reasons, (byte) reason.bit());
    return reasons;
  }

  private static void need(int expected, String what, int found) {
    if (found != expected) {
      throw UsageException.of("a position has %d %s, need %d", found, what, expected);
    }
  }

  /**
   * Returns which of {@code vocabulary} ids are kept.
   *
   * @throws dev.stillhouse.storage.UsageException if one lies beyond, or is kept twice
   */
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
}
