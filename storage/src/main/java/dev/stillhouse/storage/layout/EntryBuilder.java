package dev.stillhouse.storage.layout;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.SignedBytes;
import dev.stillhouse.storage.parquet.Columns;
import dev.stillhouse.storage.parquet.NestedRows;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.function.Function;
import org.apache.parquet.column.ColumnReader;

/** The kept entries of a batch while columns are decoded into them. */
final class EntryBuilder {
  private final ImmutableList<EntryColumn> columns;
  private final NestedRows rows;
  private int[] ids = new int[0];
  private float[] logProbs = new float[0];
  private byte[] reasons = new byte[0];
  private int[] counts = new int[0];
  private float[] logProposals = new float[0];

  /**
   * Entries of {@code slots} slots.
   *
   * @param length slots of each row
   */
  EntryBuilder(StatisticSpec spec, Wanted wanted, int slots, int length) {
    this.columns =
        EntryColumn.of(spec).stream().filter(wanted::has).collect(ImmutableList.toImmutableList());
    this.rows = new NestedRows(length, new int[slots + 1], wanted.mostEntries());
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

  private Columns.Value taker(EntryColumn column, ColumnReader reader) {
    return switch (column) {
      case ID ->
          entry -> {
            ids = Columns.fit(ids, entry);
            ids[entry] = reader.getInteger();
          };
      case LOG_PROB ->
          entry -> {
            logProbs = Columns.fit(logProbs, entry);
            logProbs[entry] = reader.getFloat();
          };
      case REASONS ->
          entry -> {
            reasons = Columns.fit(reasons, entry);
            reasons[entry] = SignedBytes.checkedCast(reader.getInteger());
          };
      case COUNT ->
          entry -> {
            counts = Columns.fit(counts, entry);
            counts[entry] = reader.getInteger();
          };
      case LOG_PROPOSAL ->
          entry -> {
            logProposals = Columns.fit(logProposals, entry);
            logProposals[entry] = reader.getFloat();
          };
    };
  }
}
