package dev.stillhouse.storage.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Writes files of required columns in which every page holds exactly one row, then seals them.
 * Pages are given in plain encoding. zstd is tried on each, and a page that does not shrink by one
 * byte in {@link #WORTHWHILE} stays as it is. Memory is one row group.
 */
public final class PageFileWriter implements Closeable {
  /** A page is compressed if that saves at least one byte in this many. */
  static final int WORTHWHILE = 8;

  private static final int LEVEL = 1;

  /**
   * Shortest repeat that is sought in a long page, in bytes. Level 1 seeks repeats of 5 bytes,
   * which planes of ids and log-probs have by chance: without them they are smaller and inflate 1.3
   * times as fast.
   */
  private static final int LONG_MATCH = 7;

  /** Pages of fewer bytes gain by short repeats. */
  private static final int LONG_PAGE = 4 << 10;

  private static final int MATCH_OF_LEVEL = 0;

  private record Page(BytesInput bytes, int plainLength, boolean compressed) {}

  private final Path file;
  private final List<ColumnDescriptor> columns;
  private final int rowsPerGroup;
  private final ParquetFileWriter writer;
  private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL);
  private final List<List<Page>> pages = new ArrayList<>();
  private final List<Statistics<?>> numbers = new ArrayList<>();
  private byte[] packed = new byte[0];
  private int rows;
  private boolean open = true;

  /**
   * Opens a new file.
   *
   * @param rowsPerGroup rows of a row group: those of which a column's pages follow one another
   */
  public PageFileWriter(Path file, MessageType schema, int rowsPerGroup) throws IOException {
    this.file = file;
    this.columns = schema.getColumns();
    this.rowsPerGroup = rowsPerGroup;
    columns.forEach(column -> pages.add(new ArrayList<>()));
    this.writer =
        new ParquetFileWriter(
            new LocalOutputFile(file),
            schema,
            ParquetFileWriter.Mode.CREATE,
            Long.MAX_VALUE,
            0,
            null,
            // Seal's checksums cover the headers too.
            ParquetProperties.builder().withPageWriteChecksumEnabled(false).build());
    writer.start();
  }

  /** Writes an int64 of the current row. */
  public void number(int column, long value) throws IOException {
    Statistics<?> statistics = Statistics.createStats(columns.get(column).getPrimitiveType());
    statistics.updateStats(value);
    numbers.add(statistics);
    ByteBuffer plain = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    page(column, plain.putLong(value).array(), Long.BYTES);
  }

  /**
   * Writes the value of a column in the current row, in Parquet's plain encoding.
   *
   * @param plain read before the call ends; the caller may reuse it
   */
  public void page(int column, byte[] plain, int length) throws IOException {
    int max = (int) Zstd.compressBound(length);
    packed = packed.length < max ? new byte[max] : packed;
    zstd.setMinMatch(length < LONG_PAGE ? MATCH_OF_LEVEL : LONG_MATCH);
    int size = zstd.compressByteArray(packed, 0, packed.length, plain, 0, length);
    boolean compressed = size <= length - length / WORTHWHILE - 1;
    byte[] kept = compressed ? Arrays.copyOf(packed, size) : Arrays.copyOf(plain, length);
    pages.get(column).add(new Page(BytesInput.from(kept), length, compressed));
  }

  /** Ends the current row. Each column must have its page. */
  public void endRow() throws IOException {
    rows++;
    if (rows == rowsPerGroup) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (rows == 0) {
      return;
    }
    writer.startBlock(rows);
    for (int i = 0; i < columns.size(); i++) {
      ColumnDescriptor column = columns.get(i);
      writer.startColumn(column, rows, CompressionCodecName.ZSTD);
      Statistics<?> none = Statistics.createStats(column.getPrimitiveType());
      boolean numbered =
          column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64;
      for (int row = 0; row < rows; row++) {
        Page page = pages.get(i).get(row);
        writer.writeDataPageV2(
            1,
            0,
            1,
            BytesInput.empty(),
            BytesInput.empty(),
            Encoding.PLAIN,
            page.bytes(),
            page.compressed(),
            page.plainLength(),
            numbered ? numbers.get(row) : none);
      }
      writer.endColumn();
      pages.get(i).clear();
    }
    writer.endBlock();
    numbers.clear();
    rows = 0;
  }

  /**
   * Completes the file.
   *
   * @param metadata keys and values of its footer
   */
  public SealedFile finish(Map<String, String> metadata) throws IOException {
    flush();
    writer.end(metadata);
    close();
    return Seal.seal(file);
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      zstd.close();
      writer.close();
    }
  }
}
