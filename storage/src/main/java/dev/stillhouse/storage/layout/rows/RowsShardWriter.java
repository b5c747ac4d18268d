package dev.stillhouse.storage.layout.rows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
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

/** Writes generation 1 through Parquet's record consumer. */
final class RowsShardWriter implements ShardWriter {
  private static final int POSITIONS_PER_GROUP = 16_384;

  private final StatisticSpec spec;
  private final ImmutableList<EntryColumn> columns;
  private final ShardWriteCheck promise;
  private final RowFileWriter<StatisticsBatch> file;

  RowsShardWriter(Path path, ShardHeader header) throws IOException {
    this.spec = header.spec();
    this.columns = EntryColumn.of(spec);
    this.promise = new ShardWriteCheck(header);
    this.file =
        new RowFileWriter<>(
            path,
            new RowFileWriter.Shape(
                RowsSchema.of(spec),
                header.toMetadata(),
                Math.max(1, POSITIONS_PER_GROUP / header.sequenceLength()),
                ImmutableSet.of()),
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
    Fields.list(
        out,
        RowsSchema.ENTRIES,
        RowsSchema.ENTRIES_FIELD,
        from,
        from + batch.tokens().length(),
        slot -> {
          out.startField("element", 0);
          Fields.elements(
              out, batch.offsets()[slot], batch.offsets()[slot + 1], e -> entry(out, batch, e));
          out.endField("element", 0);
        });
    CommonColumns.writeScalars(out, spec, batch, row, RowsSchema.ENTRIES_FIELD + 1);
  }

  private void entry(RecordConsumer out, StatisticsBatch batch, int e) {
    out.startField("element", 0);
    out.startGroup();
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).write(out, RowsSchema.name(columns.get(i)), i, batch, e);
    }
    out.endGroup();
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
