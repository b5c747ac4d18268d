package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.layout.ScalarColumn;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.function.IntConsumer;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;

/** Reads a row group into a batch, column by column through Parquet's own readers of values. */
final class PlainParquetReader {
  private final ShardHeader header;
  private final PageReadStore pages;
  private final MessageType schema;
  private final ColumnReadStoreImpl columns;
  private final int slots;

  PlainParquetReader(ShardHeader header, MessageType schema, String writer, PageReadStore pages) {
    this.header = header;
    this.pages = pages;
    this.schema = schema;
    this.columns = new ColumnReadStoreImpl(pages, new NoConverter(schema), schema, writer);
    this.slots = Math.toIntExact(pages.getRowCount() * header.sequenceLength());
  }

  /**
   * Decodes the row group.
   *
   * @param firstRow of the file that comes first in the group
   */
  StatisticsBatch read(long firstRow) {
    int[] tokens = new int[slots];
    int[] segments = new int[slots];
    ColumnReader token = column("tokens", "list", "element");
    list(token, slot -> tokens[slot] = token.getInteger());
    ColumnReader segment = column("segments", "list", "element");
    list(segment, slot -> segments[slot] = segment.getInteger());
    int[] offsets = new int[slots + 1];
    ColumnReader id = column("ids", "list", "element", "list", "element");
    int[] ids = new int[Math.toIntExact(values(id))];
    entries(id, offsets, e -> ids[e] = id.getInteger());
    ColumnReader logProb = column("log_probs", "list", "element", "list", "element");
    float[] logProbs = new float[ids.length];
    entries(logProb, new int[slots + 1], e -> logProbs[e] = logProb.getFloat());
    StatisticsBatch scalars =
        StatisticsBatch.nulls(
            header.spec(),
            new TokenBatch(
                header.firstSequence() + firstRow, header.sequenceLength(), tokens, segments));
    for (ScalarColumn column : ScalarColumn.of(header.spec())) {
      float[] values = column.values().apply(scalars);
      ColumnReader scalar = column(column.name(), "list", "element");
      list(scalar, slot -> values[slot] = scalar.getFloat());
    }
    return scalars.withEntries(offsets, ids, logProbs, Provenance.NONE);
  }

  private ColumnReader column(String... path) {
    return columns.getColumnReader(schema.getColumnDescription(path));
  }

  /** Returns the number of values of a column, with a place for each empty list. */
  private long values(ColumnReader column) {
    return pages.getPageReader(column.getDescriptor()).getTotalValueCount();
  }

  /** Reads values of slots, where they are not null. */
  private void list(ColumnReader column, IntConsumer value) {
    int max = column.getDescriptor().getMaxDefinitionLevel();
    for (int slot = 0; slot < slots; slot++) {
      if (column.getCurrentDefinitionLevel() == max) {
        value.accept(slot);
      }
      column.consume();
    }
  }

  /** Reads values of entries; slots without any have a place of their own in the column. */
  private void entries(ColumnReader column, int[] offsets, IntConsumer value) {
    int max = column.getDescriptor().getMaxDefinitionLevel();
    int inner = column.getDescriptor().getMaxRepetitionLevel();
    long all = values(column);
    int slot = -1;
    int entry = 0;
    for (long i = 0; i < all; i++) {
      slot += column.getCurrentRepetitionLevel() < inner ? 1 : 0;
      if (column.getCurrentDefinitionLevel() == max) {
        value.accept(entry++);
      }
      offsets[slot + 1] = entry;
      column.consume();
    }
  }

  /** Columns are read value by value, never assembled to records. */
  private static final class NoConverter extends GroupConverter {
    private final GroupType type;

    NoConverter(GroupType type) {
      this.type = type;
    }

    @Override
    public Converter getConverter(int field) {
      return type.getType(field).isPrimitive()
          ? new PrimitiveConverter() {}
          : new NoConverter(type.getType(field).asGroupType());
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
