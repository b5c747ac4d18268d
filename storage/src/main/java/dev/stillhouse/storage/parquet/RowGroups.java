package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/**
 * Reads rows of some columns, a row group at a time, without I/O. {@link #ranges} says which bytes
 * are needed, {@link #fetched} decodes them.
 *
 * @param footer the file's footer
 * @param columns names of the top-level columns to read
 */
public record RowGroups(Footer footer, Set<String> columns) {

  /** Returns the byte ranges that hold rows {@code from .. to} (exclusive): whole column chunks. */
  public List<ByteRange> ranges(long from, long to) {
    List<ByteRange> ranges = new ArrayList<>();
    forEachOverlap(
        from,
        to,
        (group, skip, rows) -> {
          for (ColumnChunkMetaData chunk : group.getColumns()) {
            if (columns.contains(chunk.getPath().toArray()[0])) {
              add(ranges, chunk.getStartingPos(), chunk.getTotalSize());
            }
          }
        });
    return ranges;
  }

  /** Checks the bytes of {@link #ranges}, and the headers of all pages in them. */
  public FetchedGroups fetched(long from, long to, List<ByteBuffer> bytes) {
    List<ByteRange> ranges = ranges(from, to);
    if (ranges.size() != bytes.size()) {
      throw new IllegalArgumentException(
          bytes.size() + " buffers were fetched for " + ranges.size() + " ranges");
    }
    for (int i = 0; i < ranges.size(); i++) {
      if (bytes.get(i).remaining() != ranges.get(i).length()) {
        throw new DamagedBlobException(
            footer.blob(),
            ranges.get(i).offset(),
            bytes.get(i).remaining() + " bytes came instead of " + ranges.get(i).length());
      }
      footer.check(ranges.get(i).offset(), bytes.get(i));
    }
    MessageType projected = projected();
    List<FetchedGroups.Part> parts = new ArrayList<>();
    forEachOverlap(
        from,
        to,
        (group, skip, rows) ->
            parts.add(
                new FetchedGroups.Part(
                    new GroupPages(
                        footer, group.getRowCount(), chunks(group, projected, ranges, bytes)),
                    skip,
                    rows)));
    return new FetchedGroups(footer, projected, parts);
  }

  private List<ChunkPages> chunks(
      BlockMetaData group, MessageType projected, List<ByteRange> ranges, List<ByteBuffer> bytes) {
    List<ChunkPages> chunks = new ArrayList<>();
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      String[] path = chunk.getPath().toArray();
      if (columns.contains(path[0])) {
        if (!projected.containsPath(path)) {
          throw new DamagedBlobException(
              footer.blob(), 0, "it has no column " + String.join(".", path));
        }
        chunks.add(
            new ChunkPages(
                footer, chunk, projected.getColumnDescription(path), slice(chunk, ranges, bytes)));
      }
    }
    return chunks;
  }

  private static ByteBuffer slice(
      ColumnChunkMetaData chunk, List<ByteRange> ranges, List<ByteBuffer> bytes) {
    int i = 0;
    while (ranges.get(i).end() < chunk.getStartingPos() + chunk.getTotalSize()
        || ranges.get(i).offset() > chunk.getStartingPos()) {
      i++;
    }
    ByteBuffer all = bytes.get(i);
    int from = all.position() + (int) (chunk.getStartingPos() - ranges.get(i).offset());
    return all.slice(from, (int) chunk.getTotalSize());
  }

  private MessageType projected() {
    MessageType all = footer.parquet().getFileMetaData().getSchema();
    return new MessageType(
        all.getName(),
        all.getFields().stream().filter(f -> columns.contains(f.getName())).toList());
  }

  private interface GroupVisitor {
    void group(BlockMetaData group, int skip, int rows);
  }

  private void forEachOverlap(long from, long to, GroupVisitor visitor) {
    List<BlockMetaData> groups = footer.parquet().getBlocks();
    long start = 0;
    for (int i = 0; i < groups.size() && start < to; i++) {
      long rows = groups.get(i).getRowCount();
      if (rows < 0 || rows > Integer.MAX_VALUE) {
        throw new DamagedBlobException(
            footer.blob(), 0, "row group " + i + " says that it has " + rows + " rows");
      }
      long end = start + rows;
      if (end > from && rows > 0) {
        long first = Math.max(from, start);
        visitor.group(groups.get(i), (int) (first - start), (int) (Math.min(to, end) - first));
      }
      start = end;
    }
  }

  /** Appends a range, joined with its neighbour if they touch. */
  private void add(List<ByteRange> ranges, long offset, long length) {
    long bytes = footer.fileBytes();
    if (offset < 0 || length < 0 || offset > bytes || length > bytes - offset) {
      throw new DamagedBlobException(
          footer.blob(),
          0,
          "a column chunk of " + length + " bytes at " + offset + ", in a file of " + bytes);
    }
    if (length > Integer.MAX_VALUE) {
      throw new DamagedBlobException(
          footer.blob(), offset, "a column chunk of " + length + " bytes, at most 2^31 - 1");
    }
    int last = ranges.size() - 1;
    if (last >= 0
        && ranges.get(last).end() == offset
        && ranges.get(last).length() + length <= Integer.MAX_VALUE) {
      offset = ranges.get(last).offset();
      length += ranges.remove(last).length();
    }
    ranges.add(new ByteRange(offset, (int) length));
  }
}
