package dev.stillhouse.storage.layout;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.parquet.Columns;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.tokens.TokenColumns;
import java.util.Arrays;
import java.util.function.Function;

/** The arrays of a batch while row groups are decoded into them, first row to last. */
public final class BatchBuilder {
  private final String blob;
  private final long firstSequence;
  private final int length;
  private final Wanted wanted;
  private final int[] tokens;
  private final int[] segments;
  private final EntryBuilder entries;
  private final ImmutableList<ScalarColumn> scalars;
  private final float[][] values;
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
    StatisticSpec spec = header.spec();
    this.entries = new EntryBuilder(spec, wanted, (int) slots, length, header.vocabulary());
    this.scalars = ScalarColumn.of(spec);
    this.values = new float[scalars.size()][(int) slots];
    for (float[] absent : values) {
      Arrays.fill(absent, Float.NaN);
    }
  }

  /**
   * Reads the next rows.
   *
   * @param entryPath where an entry's value is
   */
  public void read(Columns columns, int skip, int rows, Function<EntryColumn, String[]> entryPath) {
    TokenColumns.read(
        blob, columns, skip, rows, length, firstSequence + row, tokens, segments, row);
    for (int i = 0; i < values.length; i++) {
      ScalarColumn scalar = scalars.get(i);
      if (wanted.has(scalar.column())) {
        columns.floats(scalar.name(), skip, rows, length, values[i], row);
      }
    }
    entries.read(columns, skip, rows, row, entryPath);
    row += rows;
  }

  /** The batch, when all rows are filled. */
  public StatisticsBatch build() {
    if (row * length != tokens.length) {
      throw new DamagedBlobException(
          blob, 0, "the shard has " + row + " of the " + tokens.length / length + " rows wanted");
    }
    return new StatisticsBatch(
        new TokenBatch(firstSequence, length, tokens, segments),
        entries.offsets(),
        entries.ids(),
        entries.logProbs(),
        entries.provenance(),
        values[0],
        values[1],
        values[2],
        values[3],
        Arrays.copyOfRange(values, ScalarColumn.MANY_ALWAYS, values.length));
  }
}
