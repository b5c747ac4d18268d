package dev.stillhouse.storage.layout;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.layout.Wanted.Column;
import dev.stillhouse.storage.parquet.Columns;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Objects;

/** The arrays of a batch while row groups are decoded into them, first row to last. */
public final class BatchBuilder {
  private final String blob;
  private final long firstSequence;
  private final int length;
  private final Wanted wanted;
  private final int[] tokens;
  private final int[] segments;
  private final int[] offsets;
  private final EnumMap<Column, float[]> scalars = new EnumMap<>(Column.class);
  private int[] ids = new int[0];
  private float[] logProbs = new float[0];
  private int row;

  /**
   * A batch of {@code rows} sequences.
   *
   * @param from row of the shard that comes first
   */
  public BatchBuilder(String blob, ShardHeader header, int from, int rows, Wanted wanted) {
    this.blob = blob;
    this.firstSequence = header.firstSequence() + from;
    this.length = header.sequenceLength();
    this.wanted = wanted;
    long slots = (long) rows * length;
    if (slots > Ints.MAX_POWER_OF_TWO) {
      throw new DamagedBlobException(blob, 0, slots + " positions at once; read fewer rows");
    }
    this.tokens = new int[(int) slots];
    this.segments = new int[(int) slots];
    this.offsets = new int[(int) slots + 1];
    for (Column column : Column.values()) {
      float[] absent = new float[(int) slots];
      Arrays.fill(absent, Float.NaN);
      scalars.put(column, absent);
    }
  }

  /** Fills tokens and scalars of the next rows. */
  public void readCommon(Columns columns, int skip, int rows) {
    CommonColumns.readTokens(
        blob, columns, skip, rows, length, firstSequence + row, tokens, segments, row);
    for (Column column : wanted.columns()) {
      if (column != Column.ENTRIES) {
        columns.floats(column.column(), skip, rows, length, scalar(column), row);
      }
    }
  }

  /** Goes on behind rows whose columns were all filled. */
  public void advance(int rows) {
    row += rows;
  }

  /** Sets one kept entry's id. */
  public void id(int entry, int id) {
    ids = Columns.fit(ids, entry);
    ids[entry] = id;
  }

  /** Sets one kept entry's log-prob. */
  public void logProb(int entry, float logProb) {
    logProbs = Columns.fit(logProbs, entry);
    logProbs[entry] = logProb;
  }

  /** End of each slot's entries, at {@code slot + 1}. */
  public int[] offsets() {
    return offsets;
  }

  /** The next row to fill. */
  public int row() {
    return row;
  }

  /** The batch, when all rows are filled. */
  public StatisticsBatch build() {
    if (row * length != tokens.length) {
      throw new DamagedBlobException(
          blob, 0, "the shard has " + row + " of the " + tokens.length / length + " rows wanted");
    }
    return new StatisticsBatch(
        new TokenBatch(firstSequence, length, tokens, segments),
        offsets,
        ids,
        logProbs,
        scalar(Column.LOG_TAIL),
        scalar(Column.ENTROPY),
        scalar(Column.LOG_NORMALISER),
        scalar(Column.TARGET_LOG_PROB));
  }

  private float[] scalar(Column column) {
    return Objects.requireNonNull(scalars.get(column));
  }
}
