package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.DamagedBlobException;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;

/** The pages of one row group, for Parquet's decoders. */
final class GroupPages implements PageReadStore {
  private final Footer footer;
  private final long rows;
  private final List<ChunkPages> chunks;

  GroupPages(Footer footer, long rows, List<ChunkPages> chunks) {
    this.footer = footer;
    this.rows = rows;
    this.chunks = chunks;
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    return find(column.getPath()).fromTheFirst();
  }

  @Override
  public long getRowCount() {
    return rows;
  }

  /** Returns the bytes of the pages of a top-level column after inflating. */
  long plainBytes(String column) {
    return chunks.stream()
        .filter(chunk -> chunk.path()[0].equals(column))
        .mapToLong(ChunkPages::plainBytes)
        .sum();
  }

  /** Returns where its first page lies. */
  long offset() {
    return chunks.isEmpty() ? 0 : chunks.get(0).offset();
  }

  /** Returns the pages of a leaf. */
  ChunkPages find(String[] path) {
    return chunks.stream()
        .filter(chunk -> Arrays.equals(chunk.path(), path))
        .findFirst()
        .orElseThrow(
            () ->
                new DamagedBlobException(
                    footer.blob(),
                    offset(),
                    "a row group has no column " + String.join(".", path)));
  }
}
