package dev.stillhouse.pipeline.extract;

import java.nio.FloatBuffer;

/**
 * Reduces one row of logits to its statistic. Pure: the same row gives the same bits, always. An
 * instance is made for one vocabulary size V and one k, holds scratch memory and is used by one
 * thread.
 *
 * <p>Of the row x, with e(i) = exp(x(i) - max x) and S = sum of e, all natural logarithms, formed
 * in double and rounded to float32 once:
 *
 * <ul>
 *   <li>log-prob of i: (x(i) - max x) - log S
 *   <li>entries: the k largest logits, best first, ties by lower id; -0.0 equals 0.0. A logit of
 *       -inf has no mass and is no entry, so there may be fewer than k
 *   <li>log tail: log of the sum of e over ids that are no entries, less log S; summed, never 1
 *       minus what was kept; -inf when no mass is left
 *   <li>entropy: log S - (sum of e(i) (x(i) - max x)) / S, where -inf adds 0
 *   <li>log-normaliser: max x + log S
 *   <li>the target's log-prob, kept or not; -inf if its logit is; NaN without a target
 * </ul>
 */
public interface Extractor {
  /**
   * Name of the arithmetic. It goes into a dataset's identity: two extractors of one name give the
   * same bits for every row.
   */
  String arithmetic();

  /**
   * Reduces the V logits that begin at index {@code from}. What lies before or behind them (padded
   * ids of a teacher's matrix) has no part.
   *
   * @param target an id below V, or {@link dev.stillhouse.storage.statistics.TokenBatch#NO_TARGET}
   * @param into overwritten
   * @throws dev.stillhouse.storage.DataException for NaN, +inf or a row of only -inf, naming id and
   *     value; the caller knows the position
   */
  void extract(FloatBuffer rows, int from, int target, RowStatistic into);
}
