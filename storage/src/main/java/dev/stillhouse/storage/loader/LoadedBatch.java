package dev.stillhouse.storage.loader;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a rank of a student gets in one step. It has no rows where the step has fewer rows than
 * there are ranks before it: {@link #rows} says how many a dense form of it has, the rest of them
 * without loss, so that all ranks take as many steps, of one shape.
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
   * @param read of each teacher a batch for each row
   * @param none of each teacher a batch of no rows
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

  /** Number of the first row's sample, counted from the start of epoch 0. */
  public long firstSample() {
    return firstSample;
  }

  /** Most rows that any rank has in a whole step. */
  public int rows() {
    return rows;
  }

  /** Of which corpus of a mixture each row is; 0 where there is one. */
  public int[] sources() {
    return sources;
  }

  /** Dataset-wide number of each row; batches' own numbering does not count, rows are shuffled. */
  public long[] sequences() {
    return sequences;
  }

  /** Best entries of a position that were asked for; what was stored may be more. */
  public int maxEntries() {
    return maxEntries;
  }

  /** Positions of a row. */
  public int length() {
    return none.get(0).tokens().length();
  }

  /** How many datasets were joined, 1 or more. */
  public int teachers() {
    return read.size();
  }

  /** One row, as one of the joined datasets has it. */
  public StatisticsBatch row(int teacher, int row) {
    return read.get(teacher).get(row);
  }

  /** All rows, as one of the joined datasets has them; put together when first asked for. */
  public StatisticsBatch statistics(int teacher) {
    return sequences.length == 0 ? none.get(teacher) : gathered.get(teacher).get();
  }

  /** All rows, as the first dataset has them. */
  public StatisticsBatch statistics() {
    return statistics(0);
  }
}
