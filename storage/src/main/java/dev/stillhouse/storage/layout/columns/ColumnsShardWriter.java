package dev.stillhouse.storage.layout.columns;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardWriteCheck;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.parquet.RowFileWriter;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.tokens.TokenColumns;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes generation 2 through Parquet's record consumer. */
final class ColumnsShardWriter implements ShardWriter {
  private static final int POSITIONS_PER_GROUP = 4_096;

  private final StatisticSpec spec;
  private final ImmutableList<EntryColumn> columns;
  private final ShardWriteCheck promise;
  private final RowFileWriter<StatisticsBatch> file;

  ColumnsShardWriter(Path path, ShardHeader header) throws IOException {
    this.spec = header.spec();
    this.columns = EntryColumn.of(spec);
    this.promise = new ShardWriteCheck(header);
    this.file =
        new RowFileWriter<>(
            path,
            new RowFileWriter.Shape(
                ColumnsSchema.of(spec),
                header.toMetadata(),
                Math.max(1, POSITIONS_PER_GROUP / header.sequenceLength()),
                ColumnsSchema.split(spec)),
            this::encode);
  }

  @Override
  public void write(StatisticsBatch batch) throws IOException {
    promise.accept(batch);
    for (int row = 0; row < batch.tokens().sequences(); row++) {
      file.write(batch, row);
    }
  }

  private void encode(StatisticsBatch batch, int row, RecordConsumer out) {
    int from = row * batch.tokens().length();
    TokenColumns.write(out, batch.tokens(), row);
    int to = from + batch.tokens().length();
    int field = ColumnsSchema.ENTRIES_FIELD;
    for (EntryColumn column : columns) {
      Fields.list(
          out,
          ColumnsSchema.name(column),
          field++,
          from,
          to,
          slot -> inner(out, batch, slot, e -> value(out, column, batch, e)));
    }
    CommonColumns.writeScalars(out, spec, batch, row, field);
  }

  private static void value(RecordConsumer out, EntryColumn column, StatisticsBatch batch, int e) {
    if (column == EntryColumn.LOG_PROB) {
      Fields.real(out, "element", 0, HalfPrecision.round(batch.logProbs()[e]));
    } else {
      column.write(out, "element", 0, batch, e);
    }
  }

  private static void inner(
      RecordConsumer out, StatisticsBatch batch, int slot, Fields.Element element) {
    out.startField("element", 0);
    Fields.elements(out, batch.offsets()[slot], batch.offsets()[slot + 1], element);
    out.endField("element", 0);
  }

  @Override
  public SealedFile finish() throws IOException {
    promise.finish();
    return file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
