package dev.stillhouse.storage.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.stillhouse.storage.DamagedBlobException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.apache.parquet.schema.PrimitiveType;

/**
 * Small tables of required columns of fixed width, as files of one row group in which each column
 * is one page. In memory a column is its plain encoding (little-endian values), so that no value is
 * touched. Uncompressed columns stay in the fetched bytes; the rest is inflated into one array,
 * because a garbage collector rounds large arrays up.
 */
public final class PlainColumns {
  private static final int LEVEL = 1;

  private record Page(
      ColumnDescriptor column, int from, int stored, int plain, boolean compressed) {}

  private final MessageType schema;
  private final int rowBytes;

  /** Creates tables of these columns: required, flat, and of a fixed width. */
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

  /** Returns the columns of a table of zeros. */
  public List<ByteBuffer> empty(int rows) {
    byte[] plain = new byte[Math.multiplyExact(rows, rowBytes)];
    List<ByteBuffer> columns = new ArrayList<>();
    int at = 0;
    for (ColumnDescriptor column : schema.getColumns()) {
      int length = rows * width(column.getPrimitiveType());
      columns.add(column(ByteBuffer.wrap(plain), at, length));
      at += length;
    }
    return columns;
  }

  private static ByteBuffer column(ByteBuffer bytes, int at, int length) {
    return bytes.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the plain bytes of a row. */
  public int rowBytes() {
    return rowBytes;
  }

  /**
   * Writes a table to a new file. The same table gives the same bytes.
   *
   * @param columns in their order, each of {@code rows} values
   */
  public SealedFile write(
      Path file, int rows, List<ByteBuffer> columns, Map<String, String> metadata)
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
      for (int i = 0; i < columns.size(); i++) {
        byte[] plain = new byte[columns.get(i).remaining()];
        columns.get(i).duplicate().get(plain);
        page(writer, schema.getColumns().get(i), rows, plain);
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
   * Reads a table that {@link #write} made. Its pages lie one behind the other from the first magic
   * on, and each header says where the next is. The footer, which is for other programs, is not
   * read: parsing it takes a cold JVM longer than all else here. A header's claims are checked
   * before they are used.
   *
   * @param blob its name, for errors
   * @param file the whole file, which was checked against its hash
   * @param rows that it must have
   * @return the columns in their order; they share the file's bytes
   */
  public List<ByteBuffer> read(String blob, ByteBuffer file, int rows) {
    ByteBuffer bytes = file.slice();
    List<Page> pages = new ArrayList<>();
    int at = Checksums.MAGIC_BYTES;
    for (ColumnDescriptor column : schema.getColumns()) {
      Page page = page(blob, column, bytes, at, rows);
      pages.add(page);
      at = page.from() + page.stored();
    }
    return plain(blob, bytes, pages);
  }

  private static List<ByteBuffer> plain(String blob, ByteBuffer file, List<Page> pages) {
    int inflated = pages.stream().filter(Page::compressed).mapToInt(Page::plain).sum();
    ByteBuffer room = ByteBuffer.allocate(inflated);
    List<ByteBuffer> columns = new ArrayList<>();
    int done = 0;
    try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
      for (Page page : pages) {
        if (page.compressed()) {
          inflate(blob, zstd, page, file, room.array(), done);
          columns.add(column(room, done, page.plain()));
          done += page.plain();
        } else {
          columns.add(column(file, page.from(), page.plain()));
        }
      }
    }
    return columns;
  }

  private static Page page(
      String blob, ColumnDescriptor column, ByteBuffer file, int at, int rows) {
    if (at > file.limit()) {
      throw damaged(blob, column, at, "the file of " + file.limit() + " bytes ends before it");
    }
    ByteBuffer rest = file.duplicate().position(at);
    PageHeaders.Header header = PageHeaders.read(blob, at, rest, rows);
    int stored = header.storedLength();
    int plain = header.plainLength();
    long needed = (long) rows * width(column.getPrimitiveType());
    if (stored > rest.remaining()
        || plain != needed
        || plain > ZstdCodecs.maxOf(stored)
        || (!header.compressed() && plain != stored)) {
      throw damaged(
          blob,
          column,
          at,
          String.format(
              "its page says %d bytes of %d; there are %d, and %d rows need %d",
              stored, plain, rest.remaining(), rows, needed));
    }
    return new Page(column, rest.position(), stored, plain, header.compressed());
  }

  private static void inflate(
      String blob, ZstdDecompressCtx zstd, Page page, ByteBuffer file, byte[] plain, int at) {
    byte[] packed;
    int from = 0;
    if (file.hasArray()) {
      packed = file.array();
      from = file.arrayOffset() + page.from();
    } else {
      packed = new byte[page.stored()];
      file.get(page.from(), packed);
    }
    try {
      int written = zstd.decompressByteArray(plain, at, page.plain(), packed, from, page.stored());
      if (written != page.plain()) {
        throw damaged(
            blob,
            page.column(),
            page.from(),
            "its page inflates to " + written + " bytes, not to " + page.plain());
      }
    } catch (ZstdException e) {
      throw damaged(blob, page.column(), page.from(), "its page is no zstd: " + e.getMessage());
    }
  }

  private static DamagedBlobException damaged(
      String blob, ColumnDescriptor column, int at, String reason) {
    return new DamagedBlobException(
        blob, at, "column " + String.join(".", column.getPath()) + ": " + reason);
  }
}
