package dev.stillhouse.storage.layout;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.parquet.Columns;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.tokens.TokenColumns;
import java.util.function.Function;

/** Holds the arrays of a batch while row groups are decoded into them, first row to last. */
public final class BatchBuilder {
  private final String blob;
  private final long firstSequence;
  private final int length;
  private final Projection projection;
  private final EntryBuilder entries;
  private final ImmutableList<ScalarColumn> scalars;
  private final StatisticsBatch batch;
  private int row;

  /**
   * Creates a batch of {@code rows} sequences.
   *
   * @param from row of the shard that comes first
   */
  public BatchBuilder(String blob, ShardHeader header, int from, int rows, Projection projection) {
    this.blob = blob;
    this.firstSequence = header.firstSequence() + from;
    this.length = header.sequenceLength();
    this.projection = projection;
    long slots = (long) rows * length;
    if (slots > Ints.MAX_POWER_OF_TWO) {
      throw new DamagedBlobException(blob, 0, slots + " positions at once; read fewer rows");
    }
    StatisticSpec spec = header.spec();
    this.entries = new EntryBuilder(spec, projection, (int) slots, length, header.vocabulary());
    this.scalars = ScalarColumn.of(spec);
    this.batch = StatisticsBatch.nulls(spec, TokenBatch.room(firstSequence, rows, length));
  }

  /**
   * Reads the next rows.
   *
   * @param entryPath where an entry's value is
   */
  public void read(Columns columns, int skip, int rows, Function<EntryColumn, String[]> entryPath) {
    TokenBatch tokens = batch.tokens();
    TokenColumns.read(
        blob,
        columns,
        skip,
        rows,
        length,
        firstSequence + row,
        tokens.tokens(),
        tokens.segments(),
        row);
    for (ScalarColumn scalar : scalars) {
      if (projection.has(scalar.column())) {
        columns.floats(scalar.name(), skip, rows, length, scalar.values().apply(batch), row);
      }
    }
    entries.read(columns, skip, rows, row, entryPath);
    row += rows;
  }

  /** Returns the batch. All rows must have been read. */
  public StatisticsBatch build() {
    if (row != batch.tokens().sequences()) {
      throw new DamagedBlobException(
          blob,
          0,
          "the shard has " + row + " of the " + batch.tokens().sequences() + " rows wanted");
    }
    return batch.withEntries(
        entries.offsets(), entries.ids(), entries.logProbs(), entries.provenance());
  }
}
