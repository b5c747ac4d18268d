package dev.stillhouse.storage.layout;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.SignedBytes;
import dev.stillhouse.storage.parquet.Columns;
import dev.stillhouse.storage.parquet.NestedRows;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.parquet.column.ColumnReader;

/** Holds the kept entries of a batch while columns are decoded into them. */
final class EntryBuilder {
  private final ImmutableList<EntryColumn> columns;
  private final NestedRows rows;
  private int[] ids = new int[0];
  private float[] logProbs = new float[0];
  private byte[] reasons = new byte[0];
  private int[] counts = new int[0];
  private float[] logProposals = new float[0];

  /**
   * Creates room for the entries of {@code slots} slots.
   *
   * @param length slots of each row
   * @param vocabulary largest number of entries that a slot may have
   */
  EntryBuilder(StatisticSpec spec, Projection projection, int slots, int length, int vocabulary) {
    this.columns =
        EntryColumn.of(spec).stream()
            .filter(column -> column.readBy(projection))
            .collect(ImmutableList.toImmutableList());
    this.rows = new NestedRows(length, new int[slots + 1], projection.maxEntries(), vocabulary);
    // A column that is there has an element: an array of none means that there is no column.
    for (EntryColumn column : columns) {
      switch (column) {
        case REASONS -> reasons = new byte[1];
        case COUNT -> counts = new int[1];
        case LOG_PROPOSAL -> logProposals = new float[1];
        default -> {}
      }
    }
  }

  /**
   * Reads the entries of some rows.
   *
   * @param at row of the batch that comes first
   * @param path where a column's values are; the first column decides how many entries a slot has
   */
  void read(Columns from, int skip, int count, int at, Function<EntryColumn, String[]> path) {
    for (EntryColumn column : columns) {
      ColumnReader reader = from.reader(path.apply(column));
      long max = Math.min(count * rows.maxEntries(), from.values(path.apply(column)));
      room(column, rows.offsets()[at * rows.length()] + max);
      String name = String.join(".", path.apply(column));
      if (column == columns.get(0)) {
        from.nested(reader, name, skip, count, rows, at, taker(column, reader));
      } else {
        from.alongside(reader, name, skip, count, rows, at, taker(column, reader));
      }
    }
  }

  int[] offsets() {
    return rows.offsets();
  }

  int[] ids() {
    return ids;
  }

  float[] logProbs() {
    return logProbs;
  }

  Provenance provenance() {
    return new Provenance(reasons, counts, logProposals);
  }

  /** Grows a column to at least {@code max} entries. */
  private void room(EntryColumn column, long max) {
    int room = (int) Math.min(Integer.MAX_VALUE - 8L, max);
    switch (column) {
      case ID -> ids = room <= ids.length ? ids : Arrays.copyOf(ids, grown(ids.length, room));
      case LOG_PROB ->
          logProbs =
              room <= logProbs.length
                  ? logProbs
                  : Arrays.copyOf(logProbs, grown(logProbs.length, room));
      case REASONS ->
          reasons =
              room <= reasons.length
                  ? reasons
                  : Arrays.copyOf(reasons, grown(reasons.length, room));
      case COUNT ->
          counts =
              room <= counts.length ? counts : Arrays.copyOf(counts, grown(counts.length, room));
      case LOG_PROPOSAL ->
          logProposals =
              room <= logProposals.length
                  ? logProposals
                  : Arrays.copyOf(logProposals, grown(logProposals.length, room));
    }
  }

  /**
   * Returns the new length of a column. The first row group gets what it needs, later ones more, so
   * that little is copied.
   */
  private static int grown(int length, int room) {
    return (int) Math.max(room, Math.min(Integer.MAX_VALUE - 8L, length * 3L / 2));
  }

  private Columns.Value taker(EntryColumn column, ColumnReader reader) {
    return switch (column) {
      case ID -> entry -> ids[entry] = reader.getInteger();
      case LOG_PROB -> entry -> logProbs[entry] = reader.getFloat();
      case REASONS -> entry -> reasons[entry] = SignedBytes.checkedCast(reader.getInteger());
      case COUNT -> entry -> counts[entry] = reader.getInteger();
      case LOG_PROPOSAL -> entry -> logProposals[entry] = reader.getFloat();
    };
  }
}
