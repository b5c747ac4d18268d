package dev.stillhouse.storage.parquet;

import com.github.luben.zstd.Zstd;
import dev.stillhouse.storage.DamagedBlobException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a column chunk as {@link RowFileWriter} writes it: data pages of version 1, zstd,
 * plain or byte-stream-split, no dictionary. Parquet's own reader allocates whatever a header or a
 * level claims. So all headers are compared with the bytes first, and levels before they are handed
 * on.
 */
final class ChunkPages implements PageReader {
  /** Max values of all pages that they may claim: those of the largest page of four bytes each. */
  private static final int MAX_VALUES = ZstdCodecs.MAX_PAGE_BYTES / Integer.BYTES + (1 << 20);

  private record Page(int from, int stored, int plain, int values, Encoding encoding) {}

  private final Footer footer;
  private final ColumnChunkMetaData chunk;
  private final ColumnDescriptor column;
  private final ByteBuffer bytes;
  private final List<Page> pages = new ArrayList<>();
  private long values;
  private long plainBytes;
  private int next;

  /**
   * Reads the headers of all pages.
   *
   * @param bytes of the chunk, checked against the footer's sums
   */
  ChunkPages(Footer footer, ColumnChunkMetaData chunk, ColumnDescriptor column, ByteBuffer bytes) {
    this.footer = footer;
    this.chunk = chunk;
    this.column = column;
    this.bytes = bytes.slice();
    if (chunk.getCodec() != CompressionCodecName.ZSTD) {
      throw damaged(0, "codec " + chunk.getCodec() + ", shards are written with ZSTD");
    }
    int at = 0;
    while (at < this.bytes.limit()) {
      Page page = page(at);
      pages.add(page);
      values += page.values();
      plainBytes += page.plain();
      at = page.from() + page.stored();
    }
    if (values != chunk.getValueCount()) {
      throw damaged(0, values + " values in pages, the footer says " + chunk.getValueCount());
    }
  }

  private Page page(int at) {
    PageHeader header;
    int from;
    try (ByteBufferInputStream in =
        ByteBufferInputStream.wrap(bytes.slice(at, bytes.limit() - at))) {
      header = Util.readPageHeader(in);
      from = at + (int) in.position();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new DamagedBlobException(
          footer.blob(), offset() + at, "a page's header cannot be read: " + e.getMessage(), e);
    }
    if (header.getType() != PageType.DATA_PAGE || !header.isSetData_page_header()) {
      throw damaged(at, "a page of type " + header.getType() + ", need DATA_PAGE");
    }
    int stored = header.getCompressed_page_size();
    int plain = header.getUncompressed_page_size();
    int many = header.getData_page_header().getNum_values();
    if (stored < 0
        || stored > bytes.limit() - from
        || plain < 0
        || plain > ZstdCodecs.MAX_PAGE_BYTES
        || plain > ZstdCodecs.maxOf(stored)
        || many < 1
        || many > MAX_VALUES) {
      throw damaged(
          at,
          String.format(
              "a page says %d bytes of %d and %d values; %d bytes are left, and at most %d may"
                  + " come of them",
              stored, plain, many, bytes.limit() - from, ZstdCodecs.MAX_PAGE_BYTES));
    }
    boolean nested = column.getMaxDefinitionLevel() > 0;
    Encoding encoding =
        switch (header.getData_page_header().getEncoding()) {
          case PLAIN -> Encoding.PLAIN;
          case BYTE_STREAM_SPLIT -> Encoding.BYTE_STREAM_SPLIT;
          default -> throw damaged(at, "encoding " + header.getData_page_header().getEncoding());
        };
    if (nested && !levelsAreRuns(header)) {
      throw damaged(at, "levels that are not encoded as RLE");
    }
    return new Page(from, stored, plain, many, encoding);
  }

  private boolean levelsAreRuns(PageHeader header) {
    org.apache.parquet.format.Encoding runs = org.apache.parquet.format.Encoding.RLE;
    boolean repeated = column.getMaxRepetitionLevel() > 0;
    return header.getData_page_header().getDefinition_level_encoding() == runs
        && (!repeated || header.getData_page_header().getRepetition_level_encoding() == runs);
  }

  /** Returns the column's name and those of the groups around it. */
  String[] path() {
    return column.getPath();
  }

  /** Returns where the first page lies. */
  long offset() {
    return chunk.getStartingPos();
  }

  /** Returns the bytes of all pages after inflating. */
  long plainBytes() {
    return plainBytes;
  }

  /** Returns the same pages, starting at the first. */
  ChunkPages fromTheFirst() {
    next = 0;
    return this;
  }

  @Override
  public long getTotalValueCount() {
    return values;
  }

  @Override
  public @Nullable DictionaryPage readDictionaryPage() {
    return null;
  }

  @Override
  public @Nullable DataPage readPage() {
    if (next == pages.size()) {
      return null;
    }
    Page page = pages.get(next++);
    byte[] plain = inflate(page);
    ByteBuffer levels = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    if (!LevelRuns.skip(levels, column.getMaxRepetitionLevel(), page.values())
        || !LevelRuns.skip(levels, column.getMaxDefinitionLevel(), page.values())) {
      throw damaged(page.from(), "levels that are not those of " + page.values() + " values");
    }
    return new DataPageV1(
        BytesInput.from(plain),
        page.values(),
        page.plain(),
        Statistics.createStats(column.getPrimitiveType()),
        Encoding.RLE,
        Encoding.RLE,
        page.encoding());
  }

  private byte[] inflate(Page page) {
    byte[] packed = new byte[page.stored()];
    bytes.get(page.from(), packed);
    byte[] plain = new byte[page.plain()];
    long written = Zstd.decompress(plain, packed);
    if (Zstd.isError(written) || written != page.plain()) {
      throw damaged(
          page.from(), "a page does not inflate to the " + page.plain() + " bytes of its header");
    }
    return plain;
  }

  private DamagedBlobException damaged(int at, String reason) {
    return new DamagedBlobException(
        footer.blob(), offset() + at, "column " + String.join(".", path()) + ": " + reason);
  }
}
