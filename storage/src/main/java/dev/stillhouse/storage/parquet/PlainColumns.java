package dev.stillhouse.storage.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.stillhouse.storage.DamagedBlobException;
import java.io.IOException;
import java.nio.ByteBuffer;
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
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Small tables of required columns of fixed width, as files of one row group in which each column
 * is one page. In memory such a table is the plain-encoded columns one behind the other in one
 * array (little-endian; one array, since a collector of garbage rounds large ones up), so that
 * writing is zstd and reading is its inverse: no value is touched.
 */
public final class PlainColumns {
  private static final int LEVEL = 1;

  private final MessageType schema;
  private final int rowBytes;

  /** Tables of these columns: required, flat, and of a fixed width. */
  public PlainColumns(MessageType schema) {
    this.schema = schema;
    this.rowBytes =
        schema.getColumns().stream().mapToInt(column -> width(column.getPrimitiveType())).sum();
  }

  private static int width(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case INT32, FLOAT -> Integer.BYTES;
      case INT64, DOUBLE -> Long.BYTES;
      case FIXED_LEN_BYTE_ARRAY -> type.getTypeLength();
      default -> throw new IllegalArgumentException(type + " has no fixed width");
    };
  }

  /** Plain bytes of a row. */
  public int rowBytes() {
    return rowBytes;
  }

  /**
   * Writes a table to a new file. The same table gives the same bytes.
   *
   * @param plain the columns in their order, each of {@code rows} values
   */
  public SealedFile write(Path file, int rows, byte[] plain, Map<String, String> metadata)
      throws IOException {
    try (ParquetFileWriter writer =
        new ParquetFileWriter(
            new LocalOutputFile(file),
            schema,
            ParquetFileWriter.Mode.CREATE,
            Long.MAX_VALUE,
            0,
            null,
            // Seal's checksums cover the headers too.
            ParquetProperties.builder().withPageWriteChecksumEnabled(false).build())) {
      writer.start();
      writer.startBlock(rows);
      int at = 0;
      for (ColumnDescriptor column : schema.getColumns()) {
        int length = rows * width(column.getPrimitiveType());
        page(writer, column, rows, Arrays.copyOfRange(plain, at, at + length));
        at += length;
      }
      writer.endBlock();
      writer.end(metadata);
    }
    return Seal.seal(file);
  }

  private static void page(
      ParquetFileWriter writer, ColumnDescriptor column, int rows, byte[] plain)
      throws IOException {
    byte[] packed = Zstd.compress(plain, LEVEL);
    boolean compressed = packed.length <= plain.length - plain.length / PageFileWriter.WORTHWHILE;
    writer.startColumn(column, rows, CompressionCodecName.ZSTD);
    writer.writeDataPageV2(
        rows,
        0,
        rows,
        BytesInput.empty(),
        BytesInput.empty(),
        Encoding.PLAIN,
        BytesInput.from(compressed ? packed : plain),
        compressed,
        plain.length,
        Statistics.createStats(column.getPrimitiveType()));
    writer.endColumn();
  }

  /**
   * Reads a table. Nothing is made on the word of the footer or of a page's header alone.
   *
   * @param file the whole file, which was checked against its hash
   * @param rows that it must have
   * @return the columns in their order
   */
  public byte[] read(Footer footer, ByteBuffer file, int rows) {
    List<ColumnChunkMetaData> chunks = chunks(footer, rows);
    List<ByteBuffer> pages = new ArrayList<>();
    List<PageHeaders.Header> headers = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      ByteBuffer page = slice(footer, file, chunks.get(i));
      headers.add(PageHeaders.read(footer.blob(), chunks.get(i).getStartingPos(), page, rows));
      pages.add(page);
      check(footer, chunks.get(i), headers.get(i), page.remaining(), rows);
    }
    byte[] plain = new byte[Math.multiplyExact(rows, rowBytes)];
    int at = 0;
    try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
      for (int i = 0; i < chunks.size(); i++) {
        int length = headers.get(i).plainLength();
        if (headers.get(i).compressed()) {
          inflate(footer, chunks.get(i), zstd, pages.get(i), plain, at, length);
        } else {
          pages.get(i).get(plain, at, length);
        }
        at += length;
      }
    }
    return plain;
  }

  private List<ColumnChunkMetaData> chunks(Footer footer, int rows) {
    MessageType found = footer.parquet().getFileMetaData().getSchema();
    if (!found.equals(schema)) {
      throw new DamagedBlobException(
          footer.blob(), footer.fileBytes(), "its columns are " + found + ", need " + schema);
    }
    if (footer.rows() != rows) {
      throw new DamagedBlobException(
          footer.blob(), footer.fileBytes(), "it has " + footer.rows() + " rows, need " + rows);
    }
    List<BlockMetaData> groups = footer.parquet().getBlocks();
    if (groups.size() != 1 || !names(groups.get(0)).equals(names(schema))) {
      throw new DamagedBlobException(
          footer.blob(), footer.fileBytes(), "need one row group of all columns in their order");
    }
    return groups.get(0).getColumns();
  }

  private static List<String> names(BlockMetaData group) {
    return group.getColumns().stream().map(chunk -> chunk.getPath().toDotString()).toList();
  }

  private static List<String> names(MessageType schema) {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  private static ByteBuffer slice(Footer footer, ByteBuffer file, ColumnChunkMetaData chunk) {
    long from = chunk.getStartingPos();
    long length = chunk.getTotalSize();
    if (from < 0 || length < 0 || from > file.remaining() || length > file.remaining() - from) {
      throw new DamagedBlobException(
          footer.blob(),
          footer.fileBytes(),
          "a column chunk of " + length + " bytes at " + from + ", in a file of " + file.limit());
    }
    return file.slice(file.position() + (int) from, (int) length);
  }

  private static void check(
      Footer footer, ColumnChunkMetaData chunk, PageHeaders.Header header, int stored, int rows) {
    int plain = header.plainLength();
    long needed = (long) rows * width(chunk.getPrimitiveType());
    if (header.storedLength() != stored
        || plain != needed
        || plain > ZstdCodecs.mostOf(stored)
        || (!header.compressed() && plain != stored)) {
      throw damaged(
          footer,
          chunk,
          String.format(
              "a page says %d bytes of %d; there are %d, and %d rows need %d",
              header.storedLength(), plain, stored, rows, needed));
    }
  }

  private static void inflate(
      Footer footer,
      ColumnChunkMetaData chunk,
      ZstdDecompressCtx zstd,
      ByteBuffer packed,
      byte[] plain,
      int at,
      int length) {
    byte[] bytes = new byte[packed.remaining()];
    packed.get(bytes);
    try {
      int written = zstd.decompressByteArray(plain, at, length, bytes, 0, bytes.length);
      if (written != length) {
        throw damaged(footer, chunk, "a page inflates to " + written + " bytes, not to " + length);
      }
    } catch (ZstdException e) {
      throw damaged(footer, chunk, "a page is no zstd: " + e.getMessage());
    }
  }

  private static DamagedBlobException damaged(
      Footer footer, ColumnChunkMetaData chunk, String reason) {
    return new DamagedBlobException(
        footer.blob(),
        chunk.getStartingPos(),
        "column " + chunk.getPath().toDotString() + ": " + reason);
  }
}
