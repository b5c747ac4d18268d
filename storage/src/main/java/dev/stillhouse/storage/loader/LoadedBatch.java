package dev.stillhouse.storage.loader;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.List;
import java.util.function.Supplier;

/**
 * What one rank gets in one step. A rank may have no rows in a step that has fewer rows than there
 * are ranks. {@link #rows} says how many a dense form has, the rest of them padding, so that all
 * ranks take the same number of steps, all of one shape.
 */
@PublicApi
public final class LoadedBatch {
  private final long firstSample;
  private final int rows;
  private final int[] sources;
  private final long[] sequences;
  private final int maxEntries;
  private final ImmutableList<List<StatisticsBatch>> read;
  private final ImmutableList<Supplier<StatisticsBatch>> gathered;
  private final ImmutableList<StatisticsBatch> none;

  /**
   * Creates a batch.
   *
   * @param read for each teacher a batch for each row
   * @param none for each teacher a batch of no rows
   */
  public LoadedBatch(
      long firstSample,
      int rows,
      int[] sources,
      long[] sequences,
      int maxEntries,
      ImmutableList<List<StatisticsBatch>> read,
      ImmutableList<StatisticsBatch> none) {
    this.firstSample = firstSample;
    this.rows = rows;
    this.sources = sources;
    this.sequences = sequences;
    this.maxEntries = maxEntries;
    this.read = read;
    this.none = none;
    this.gathered =
        read.stream()
            .<Supplier<StatisticsBatch>>map(
                one -> Suppliers.memoize(() -> StatisticsBatch.concat(one)))
            .collect(ImmutableList.toImmutableList());
  }

  /** Returns the number of the first row's sample, counted from the start of epoch 0. */
  public long firstSample() {
    return firstSample;
  }

  /** Returns the max number of rows that any rank has in a full step. */
  public int rows() {
    return rows;
  }

  /** Returns the source of each row in a mixture, from 0; all 0 if there is one dataset. */
  public int[] sources() {
    return sources;
  }

  /**
   * Returns the dataset-wide number of each row. Rows are shuffled: the numbering of a batch's own
   * rows does not count.
   */
  public long[] sequences() {
    return sequences;
  }

  /**
   * Returns the max number of entries of a position that were read; shards may hold more. {@link
   * Integer#MAX_VALUE} if all were read.
   */
  public int maxEntries() {
    return maxEntries;
  }

  /** Returns the positions of a row. */
  public int length() {
    return none.get(0).tokens().length();
  }

  /** Returns how many datasets were joined, 1 or more. */
  public int teachers() {
    return read.size();
  }

  /**
   * Returns one row of one of the joined datasets.
   *
   * @param teacher 0 for the dataset that was opened, from 1 on for those that were joined
   * @param row of this batch, from 0
   */
  public StatisticsBatch row(int teacher, int row) {
    return read.get(teacher).get(row);
  }

  /**
   * Returns all rows of one of the joined datasets. They are put together on first use.
   *
   * @param teacher 0 for the dataset that was opened, from 1 on for those that were joined
   */
  public StatisticsBatch statistics(int teacher) {
    return sequences.length == 0 ? none.get(teacher) : gathered.get(teacher).get();
  }

  /** Returns all rows of the first dataset. */
  public StatisticsBatch statistics() {
    return statistics(0);
  }
}
