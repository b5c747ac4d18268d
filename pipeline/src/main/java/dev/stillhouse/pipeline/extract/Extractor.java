package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Selection;

/**
 * Reduces one row of logits to its statistic. Pure: the same row gives the same bits, always,
 * whatever memory it lies in, and as bfloat16 those of the float32 it widens to. An instance is
 * made for one {@link Selection}, holds scratch memory and is used by one thread.
 *
 * <p>Of the row x, with e(i) = exp(x(i) - max x) and S = sum of e, all natural logarithms, formed
 * in double and rounded to float32 once:
 *
 * <ul>
 *   <li>log-prob of i: (x(i) - max x) - log S
 *   <li>entries: the union of what the parts of the statistic keep, best first, ties by lower id;
 *       -0.0 equals 0.0
 *   <li>{@code top-k}: the k largest logits. One of -inf has no mass and is no such entry, so there
 *       may be fewer
 *   <li>{@code top-p}: the fewest of the largest whose mass reaches p, though no more than asked
 *   <li>{@code sample}: with q(i) = exp((x(i) - max x) / T) normalised, the ids at which q, summed
 *       over ids by block of 256, in it by remainder of 16, in it ascending, first exceeds each of
 *       N random numbers ({@link Uniforms}), counted
 *   <li>{@code forced} and {@code target}: these ids, whatever their logit
 *   <li>log tail: log of the sum of e over ids that are no entries, less log S; never 1 minus what
 *       was kept; -inf when no mass is left
 *   <li>entropy: log S - (sum of e(i) (x(i) - max x)) / S, where -inf adds 0
 *   <li>log-normaliser: max x + log S; at T: (max x) / T + log of the sum of exp((x - max x) / T)
 *   <li>log-proposal of i: (x(i) - max x) / T less the log of that sum
 *   <li>the target's log-prob, kept or not; -inf if its logit is; NaN without a target
 * </ul>
 */
public interface Extractor {
  /**
   * Returns the name of the arithmetic, which is part of a dataset's identity. Two extractors of
   * one name give the same bits for every row.
   */
  String arithmetic();

  /**
   * Reduces the V logits that begin at index {@code from}. Logits before or behind them (padded ids
   * of a teacher's matrix) have no part.
   *
   * @param target an id below V, or {@link dev.stillhouse.storage.statistics.TokenBatch#NO_TARGET}
   * @param sequence dataset-wide number of the row's sequence: draws depend on it
   * @param position of the row in its sequence: draws depend on it
   * @param into overwritten
   * @throws dev.stillhouse.storage.DataException for NaN, +inf or a row of only -inf, naming id and
   *     value; the caller knows the position
   */
  void extract(
      LogitBuffer rows, int from, int target, long sequence, int position, RowStatistic into);

  /** Reduces a row without draws, so that its place does not matter. */
  default void extract(LogitBuffer rows, int from, int target, RowStatistic into) {
    extract(rows, from, target, 0, 0, into);
  }
}
