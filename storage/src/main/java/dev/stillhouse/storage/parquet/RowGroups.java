package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/**
 * Reads rows of some columns, a row group at a time, without I/O: {@link #ranges} says which bytes
 * are needed, {@link #decode} turns them into columns.
 *
 * @param footer the file's footer
 * @param columns names of the top-level columns that are wanted
 */
public record RowGroups(Footer footer, Set<String> columns) {

  /** Receives one row group. */
  public interface Visitor {
    /**
     * @param columns readers of this row group's columns, at its first row
     * @param skip rows to pass over first
     * @param rows rows to take then
     */
    void rows(Columns columns, int skip, int rows);
  }

  /** The byte ranges that hold rows {@code from .. to} (exclusive): whole column chunks. */
  public List<ByteRange> ranges(long from, long to) {
    List<ByteRange> ranges = new ArrayList<>();
    forEachOverlap(
        from,
        to,
        (group, index, skip, rows) -> {
          for (ColumnChunkMetaData chunk : group.getColumns()) {
            if (columns.contains(chunk.getPath().toArray()[0])) {
              add(ranges, chunk.getStartingPos(), chunk.getTotalSize());
            }
          }
        });
    return ranges;
  }

  /** Checks the bytes of {@link #ranges} and hands the rows to {@code visitor}. */
  public void decode(long from, long to, List<ByteBuffer> bytes, Visitor visitor) {
    List<ByteRange> ranges = ranges(from, to);
    for (int i = 0; i < ranges.size(); i++) {
      footer.check(ranges.get(i).offset(), bytes.get(i));
    }
    FetchedInput input = new FetchedInput(footer.fileBytes(), ranges, bytes);
    try (ParquetFileReader reader =
        new ParquetFileReader(input, footer.parquet(), options(), input.newStream())) {
      MessageType wanted = wanted();
      reader.setRequestedSchema(wanted);
      forEachOverlap(
          from,
          to,
          (group, index, skip, rows) -> {
            PageReadStore pages = reader.readRowGroup(index);
            visitor.rows(new Columns(footer, wanted, store(pages, wanted)), skip, rows);
          });
    } catch (DamagedBlobException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Checksums hold, so these bytes were written this way: a hostile or a foreign writer.
      throw new DamagedBlobException(
          footer.blob(),
          ranges.isEmpty() ? 0 : ranges.get(0).offset(),
          "pages cannot be decoded: " + e.getMessage(),
          e);
    }
  }

  private static ParquetReadOptions options() {
    return ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new ZstdCodecs())
        .withUseHadoopVectoredIo(false)
        .usePageChecksumVerification(false) // Our own cover headers too, and were just checked.
        .build();
  }

  private MessageType wanted() {
    MessageType all = footer.parquet().getFileMetaData().getSchema();
    return new MessageType(
        all.getName(),
        all.getFields().stream().filter(f -> columns.contains(f.getName())).toList());
  }

  private ColumnReadStoreImpl store(PageReadStore pages, MessageType wanted) {
    return new ColumnReadStoreImpl(
        pages, new NoConverter(), wanted, footer.parquet().getFileMetaData().getCreatedBy());
  }

  private interface GroupVisitor<E extends Exception> {
    void group(BlockMetaData group, int index, int skip, int rows) throws E;
  }

  private <E extends Exception> void forEachOverlap(long from, long to, GroupVisitor<E> visitor)
      throws E {
    List<BlockMetaData> groups = footer.parquet().getBlocks();
    long start = 0;
    for (int i = 0; i < groups.size() && start < to; i++) {
      long end = start + groups.get(i).getRowCount();
      if (end > from) {
        long first = Math.max(from, start);
        visitor.group(groups.get(i), i, (int) (first - start), (int) (Math.min(to, end) - first));
      }
      start = end;
    }
  }

  /** Appends a range, as one with its neighbour where they touch. */
  private void add(List<ByteRange> ranges, long offset, long length) {
    if (offset < 0 || length < 0 || offset + length > footer.fileBytes()) {
      throw new DamagedBlobException(
          footer.blob(), offset, "a column chunk of " + length + " bytes reaches past the file");
    }
    int last = ranges.size() - 1;
    if (last >= 0
        && ranges.get(last).end() == offset
        && ranges.get(last).length() + length <= Integer.MAX_VALUE) {
      offset = ranges.get(last).offset();
      length += ranges.remove(last).length();
    }
    ranges.add(new ByteRange(offset, Math.toIntExact(length)));
  }

  /** Columns are read one by one, never assembled to records. */
  private static final class NoConverter extends GroupConverter {
    @Override
    public Converter getConverter(int field) {
      return new NoConverterOrLeaf();
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private static final class NoConverterOrLeaf extends PrimitiveConverter {
    @Override
    public GroupConverter asGroupConverter() {
      return new NoConverter();
    }
  }
}
