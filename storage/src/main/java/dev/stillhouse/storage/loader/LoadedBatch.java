package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.statistics.StatisticsBatch;

/**
 * What a rank of a student gets in one step. It has no rows where the step has fewer rows than
 * there are ranks before it: {@link #rows} says how many a dense form of it has, the rest of them
 * without loss, so that all ranks take as many steps, of one shape.
 *
 * @param firstSample number of its first row's sample, counted from the start of epoch 0
 * @param rows most rows that any rank has in a whole step
 * @param sources of which corpus of a mixture each row is; 0 where there is one
 * @param sequences dataset-wide number of each row; the batches' own numbering does not count,
 *     since rows come shuffled
 * @param mostEntries best entries of a position that were asked for; what was stored may be more
 * @param teachers the rows, as each of the joined datasets has them
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record LoadedBatch(
    long firstSample,
    int rows,
    int[] sources,
    long[] sequences,
    int mostEntries,
    ImmutableList<StatisticsBatch> teachers) {

  /** The rows, as the first dataset has them. */
  public StatisticsBatch statistics() {
    return teachers.get(0);
  }
}
