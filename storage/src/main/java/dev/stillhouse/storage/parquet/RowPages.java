package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/**
 * Finds the pages of a file that {@link PageFileWriter} wrote, each of which is one row of one
 * column. The footer's checksums list every page and so give their places. These are the places in
 * Parquet's offset index, known without a second read.
 */
public final class RowPages {
  private final Footer footer;
  private final List<BlockMetaData> groups;

  /** First row of each row group, and behind the last the number of rows. */
  private final long[] starts;

  /** Creates the pages of a file, whose columns must be those of {@code schema}. */
  public RowPages(Footer footer, MessageType schema) {
    this.footer = footer;
    this.groups = footer.parquet().getBlocks();
    MessageType found = footer.parquet().getFileMetaData().getSchema();
    if (!found.equals(schema)) {
      throw new DamagedBlobException(
          footer.blob(), footer.fileBytes(), "its columns are " + found + ", need " + schema);
    }
    this.starts = new long[groups.size() + 1];
    for (int i = 0; i < groups.size(); i++) {
      starts[i + 1] = starts[i] + groups.get(i).getRowCount();
      if (groups.get(i).getRowCount() < 1
          || groups.get(i).getColumns().size() != schema.getFieldCount()) {
        throw new DamagedBlobException(
            footer.blob(), footer.fileBytes(), "row group " + i + " lacks rows or columns");
      }
    }
  }

  /**
   * Returns the byte ranges of some columns in rows {@code from .. to} (exclusive), in the file's
   * order; ranges that touch are one.
   *
   * @param columns indexes of the columns, ascending
   */
  public List<ByteRange> ranges(int from, int to, int[] columns) {
    List<ByteRange> ranges = new ArrayList<>();
    for (int group = 0; group < groups.size(); group++) {
      int first = (int) Math.max(from, starts[group]);
      int end = (int) Math.min(to, starts[group + 1]);
      for (int i = 0; i < columns.length && first < end; i++) {
        long offset = page(group, columns[i], first).offset();
        add(ranges, offset, page(group, columns[i], end - 1).end() - offset);
      }
    }
    return ranges;
  }

  /** Returns where the page of a column in a row lies, its header included. */
  public ByteRange page(int group, int column, int row) {
    ColumnChunkMetaData chunk = groups.get(group).getColumns().get(column);
    return footer
        .checksums()
        .segment(footer.blob(), chunk.getStartingPos(), (int) (row - starts[group]));
  }

  /** Returns the first row of a row group. */
  public long start(int group) {
    return starts[group];
  }

  /** Returns the name of a column, for errors. */
  public String name(int column) {
    return footer.parquet().getFileMetaData().getSchema().getFieldName(column);
  }

  /** Returns the row group of a row. The search begins at {@code group}. */
  int groupOf(int row, int group) {
    int found = group;
    while (row >= starts[found + 1]) {
      found++;
    }
    return found;
  }

  public Footer footer() {
    return footer;
  }

  /**
   * Checks the bytes of {@link #ranges} and lends their pages.
   *
   * @param bytes in the order of the ranges
   */
  public FetchedPages fetched(int from, int to, int[] columns, List<ByteBuffer> bytes) {
    List<ByteRange> ranges = ranges(from, to, columns);
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
    return new FetchedPages(this, ranges, bytes);
  }

  private void add(List<ByteRange> ranges, long offset, long length) {
    int last = ranges.size() - 1;
    if (length > Integer.MAX_VALUE) {
      throw new DamagedBlobException(
          footer.blob(), offset, length + " bytes of one column at once; read fewer rows");
    }
    if (length < 0 || (last >= 0 && offset < ranges.get(last).end())) {
      throw new DamagedBlobException(
          footer.blob(), offset, "the footer has columns in another order than the schema");
    }
    if (last >= 0
        && ranges.get(last).end() == offset
        && ranges.get(last).length() + length <= Integer.MAX_VALUE) {
      ByteRange before = ranges.remove(last);
      ranges.add(new ByteRange(before.offset(), (int) (before.length() + length)));
    } else {
      ranges.add(new ByteRange(offset, (int) length));
    }
  }
}
