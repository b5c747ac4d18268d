package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.tokens.TokenColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Writes rows of a batch through Parquet's own writer, by its defaults except for snappy. */
final class PlainParquetWriter extends WriteSupport<Integer> {
  private static final int IDS_FIELD = 4;

  private final StatisticSpec spec;
  private final StatisticsBatch batch;
  private RecordConsumer out;

  @SuppressWarnings("NullAway.Init") // Parquet calls prepareForWrite before the first row.
  private PlainParquetWriter(StatisticSpec spec, StatisticsBatch batch) {
    this.spec = spec;
    this.batch = batch;
  }

  static void write(Path file, ShardHeader header, StatisticsBatch batch) throws IOException {
    WriteSupport<Integer> rows = new PlainParquetWriter(header.spec(), batch);
    try (ParquetWriter<Integer> writer =
        new Builder(file, rows)
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new SnappyCodec())
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build()) {
      for (int row = 0; row < batch.tokens().sequences(); row++) {
        writer.write(row);
      }
    }
  }

  private static MessageType schema(StatisticSpec spec) {
    List<Type> types = new ArrayList<>(TokenColumns.types());
    types.add(lists("ids", PrimitiveTypeName.INT32));
    types.add(lists("log_probs", PrimitiveTypeName.FLOAT));
    types.addAll(CommonColumns.scalarTypes(spec));
    return new MessageType("plain", types);
  }

  private static Type lists(String name, PrimitiveTypeName type) {
    return Fields.list(name, Fields.list("element", Fields.element(type)));
  }

  @Override
  @SuppressWarnings("deprecation") // Abstract in Parquet still.
  public WriteContext init(Configuration unused) {
    return init(new PlainParquetConfiguration());
  }

  @Override
  public WriteContext init(ParquetConfiguration unused) {
    return new WriteContext(schema(spec), Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    out = consumer;
  }

  @Override
  public void write(Integer row) {
    out.startMessage();
    TokenColumns.write(out, batch.tokens(), row);
    entries("ids", IDS_FIELD, row, e -> Fields.integer(out, "element", 0, batch.ids()[e]));
    entries(
        "log_probs", IDS_FIELD + 1, row, e -> Fields.real(out, "element", 0, batch.logProbs()[e]));
    CommonColumns.writeScalars(out, spec, batch, row, IDS_FIELD + 2);
    out.endMessage();
  }

  private void entries(String name, int field, int row, Fields.Element value) {
    int length = batch.tokens().length();
    Fields.list(out, name, field, row * length, (row + 1) * length, slot -> inner(slot, value));
  }

  private void inner(int slot, Fields.Element value) {
    out.startField("element", 0);
    Fields.elements(out, batch.offsets()[slot], batch.offsets()[slot + 1], value);
    out.endField("element", 0);
  }

  private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
    private final WriteSupport<Integer> rows;

    Builder(Path file, WriteSupport<Integer> rows) {
      super(new LocalOutputFile(file));
      this.rows = rows;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // Abstract in Parquet still.
    protected WriteSupport<Integer> getWriteSupport(Configuration unused) {
      return rows;
    }

    @Override
    protected WriteSupport<Integer> getWriteSupport(ParquetConfiguration unused) {
      return rows;
    }
  }
}
