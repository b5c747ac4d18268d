package dev.stillhouse.storage.parquet;

import com.google.common.collect.ImmutableMap;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/**
 * Writes rows through Parquet's own writer, then seals the file. Row groups are cut by rows and
 * never by bytes or time, so that the same rows give the same file. Memory is one row group.
 *
 * @param <B> type of batch that rows come in
 */
public final class RowFileWriter<B> implements Closeable {
  private final Path file;
  private final Rows rows;
  private final ParquetWriter<B> writer;
  private boolean closed;

  /**
   * The form of a file.
   *
   * @param schema columns
   * @param metadata keys of the footer
   * @param rowsPerGroup rows of a row group, the unit of a random read
   * @param split leaves that are stored byte-stream-split (their paths with dots)
   */
  public record Shape(
      MessageType schema, Map<String, String> metadata, int rowsPerGroup, Set<String> split) {}

  /** Opens a new file. */
  public RowFileWriter(Path file, Shape shape, RowEncoder<B> encoder) throws IOException {
    this.file = file;
    this.rows = new Rows(shape, encoder);
    Builder builder = new Builder(file, rows);
    builder
        .withConf(new PlainParquetConfiguration())
        .withCodecFactory(new ZstdCodecs())
        .withCompressionCodec(CompressionCodecName.ZSTD)
        .withWriterVersion(WriterVersion.PARQUET_1_0)
        .withWriteMode(ParquetFileWriter.Mode.CREATE)
        .withRowGroupSize(Long.MAX_VALUE)
        .withRowGroupRowCountLimit(shape.rowsPerGroup())
        // One row is large: look at the page's size after each.
        .withMinRowCountForPageSizeCheck(1)
        .withMaxRowCountForPageSizeCheck(1)
        .withDictionaryEncoding(false);
    shape.split().forEach(path -> builder.withByteStreamSplitEncoding(path, true));
    this.writer = builder.build();
  }

  /** Writes one row of {@code batch}. */
  public void write(B batch, int row) throws IOException {
    rows.row = row;
    writer.write(batch);
  }

  /** Completes the file. */
  public SealedFile finish() throws IOException {
    close();
    return Seal.seal(file);
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      writer.close();
    }
  }

  private final class Builder extends ParquetWriter.Builder<B, Builder> {
    private final Rows rows;

    Builder(Path file, Rows rows) {
      super(new LocalOutputFile(file));
      this.rows = rows;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // Abstract in Parquet still.
    protected WriteSupport<B> getWriteSupport(Configuration unused) {
      return rows;
    }

    @Override
    protected WriteSupport<B> getWriteSupport(ParquetConfiguration unused) {
      return rows;
    }
  }

  private final class Rows extends WriteSupport<B> {
    private final Shape shape;
    private final RowEncoder<B> encoder;
    private int row;
    private RecordConsumer out;

    @SuppressWarnings("NullAway.Init") // Parquet calls prepareForWrite before the first row.
    Rows(Shape shape, RowEncoder<B> encoder) {
      this.shape = shape;
      this.encoder = encoder;
    }

    @Override
    @SuppressWarnings("deprecation") // Abstract in Parquet still.
    public WriteContext init(Configuration unused) {
      return init(new PlainParquetConfiguration());
    }

    @Override
    public WriteContext init(ParquetConfiguration unused) {
      return new WriteContext(shape.schema(), ImmutableMap.copyOf(shape.metadata()));
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(B batch) {
      out.startMessage();
      encoder.encode(batch, row, out);
      out.endMessage();
    }
  }
}
