package dev.stillhouse.storage.layout.columns;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.layout.SequenceOrder;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.parquet.RowFileWriter;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes generation 2 through Parquet's record consumer. */
final class ColumnsShardWriter implements ShardWriter {
  private static final int POSITIONS_PER_GROUP = 4_096;

  private final SequenceOrder order;
  private final RowFileWriter<StatisticsBatch> file;

  ColumnsShardWriter(Path path, ShardHeader header) throws IOException {
    this.order = new SequenceOrder(header);
    this.file =
        new RowFileWriter<>(
            path,
            new RowFileWriter.Shape(
                ColumnsSchema.SCHEMA,
                header.toMetadata(),
                Math.max(1, POSITIONS_PER_GROUP / header.sequenceLength()),
                ImmutableSet.of(
                    String.join(".", ColumnsSchema.ID), String.join(".", ColumnsSchema.LOG_PROB))),
            ColumnsShardWriter::encode);
  }

  @Override
  public void write(StatisticsBatch batch) throws IOException {
    order.accept(batch);
    for (int row = 0; row < batch.tokens().sequences(); row++) {
      file.write(batch, row);
    }
  }

  private static void encode(StatisticsBatch batch, int row, RecordConsumer out) {
    int from = row * batch.tokens().length();
    CommonColumns.writeTokens(out, batch.tokens(), row);
    int to = from + batch.tokens().length();
    Fields.list(
        out,
        ColumnsSchema.IDS,
        ColumnsSchema.IDS_FIELD,
        from,
        to,
        slot -> inner(out, batch, slot, e -> Fields.integer(out, "element", 0, batch.ids()[e])));
    Fields.list(
        out,
        ColumnsSchema.LOG_PROBS,
        ColumnsSchema.LOG_PROBS_FIELD,
        from,
        to,
        slot ->
            inner(
                out,
                batch,
                slot,
                e -> Fields.real(out, "element", 0, Float16.round(batch.logProbs()[e]))));
    CommonColumns.writeScalars(out, batch, row, ColumnsSchema.LOG_PROBS_FIELD + 1);
  }

  private static void inner(
      RecordConsumer out, StatisticsBatch batch, int slot, Fields.Element element) {
    out.startField("element", 0);
    Fields.elements(out, batch.offsets()[slot], batch.offsets()[slot + 1], element);
    out.endField("element", 0);
  }

  @Override
  public SealedFile finish() throws IOException {
    order.finish();
    return file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
