package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.DamagedBlobException;
import java.util.List;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/** Row groups whose bytes were fetched and checked, with their pages' headers. */
public final class FetchedGroups {
  /**
   * Rows of a row group.
   *
   * @param skip rows to pass over first
   * @param rows rows to take then
   */
  record Part(GroupPages pages, int skip, int rows) {}

  /** Receives one row group. */
  public interface Visitor {
    /**
     * Takes its rows.
     *
     * @param columns readers of this row group's columns, at its first row
     * @param skip rows to pass over first
     * @param rows rows to take then
     */
    void rows(Columns columns, int skip, int rows);
  }

  private final Footer footer;
  private final MessageType projected;
  private final List<Part> parts;

  FetchedGroups(Footer footer, MessageType projected, List<Part> parts) {
    this.footer = footer;
    this.projected = projected;
    this.parts = parts;
  }

  /**
   * Checks that a column can hold what a header promises, before memory is taken for it.
   *
   * @param column a list of required int32
   * @param length elements that it has in each row
   */
  public FetchedGroups expect(String column, int length) {
    for (Part part : parts) {
      long needed = (long) Integer.BYTES * length * ((long) part.skip() + part.rows());
      long found = part.pages().plainBytes(column);
      if (found < needed) {
        throw new DamagedBlobException(
            footer.blob(),
            0,
            String.format(
                "column %s has %d bytes where %d rows of %d positions need %d",
                column, found, part.skip() + part.rows(), length, needed));
      }
    }
    return this;
  }

  /** Hands the rows to {@code visitor}. */
  public void decode(Visitor visitor) {
    for (Part part : parts) {
      ColumnReadStoreImpl store =
          new ColumnReadStoreImpl(
              part.pages(),
              new NoConverter(),
              projected,
              footer.parquet().getFileMetaData().getCreatedBy());
      try {
        visitor.rows(new Columns(footer, projected, part.pages(), store), part.skip(), part.rows());
      } catch (DamagedBlobException e) {
        throw e;
      } catch (RuntimeException e) {
        // Checksums hold, so these bytes were written this way: a hostile or a foreign writer.
        throw new DamagedBlobException(
            footer.blob(), part.pages().offset(), "pages cannot be decoded: " + e.getMessage(), e);
      }
    }
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
