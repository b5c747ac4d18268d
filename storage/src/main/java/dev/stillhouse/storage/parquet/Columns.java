package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.DamagedBlobException;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.schema.MessageType;

/**
 * The columns of one row group, read value by value into arrays. Every list's length is checked
 * against the layout before it is used.
 */
public final class Columns {
  private final Footer footer;
  private final MessageType schema;
  private final GroupPages pages;
  private final ColumnReadStoreImpl store;

  Columns(Footer footer, MessageType schema, GroupPages pages, ColumnReadStoreImpl store) {
    this.footer = footer;
    this.schema = schema;
    this.pages = pages;
    this.store = store;
  }

  /** Returns a reader of the leaf at {@code path}. */
  public ColumnReader reader(String... path) {
    if (!schema.containsPath(path)) {
      throw new DamagedBlobException(
          footer.blob(), 0, "it has no column " + String.join(".", path));
    }
    return store.getColumnReader(schema.getColumnDescription(path));
  }

  /**
   * Returns the number of values of the leaf at {@code path} in the row group; nulls are values.
   */
  public long values(String... path) {
    return pages.find(path).getTotalValueCount();
  }

  /** Reads a required int64 column. */
  public void longs(String name, int skip, int rows, long[] out, int at) {
    ColumnReader reader = reader(name);
    for (int row = -skip; row < rows; row++) {
      if (row >= 0) {
        out[at + row] = reader.getLong();
      } else {
        reader.skip();
      }
      reader.consume();
    }
  }

  /** Reads a required fixed-length binary column of {@code width} bytes. */
  public void binaries(String name, int skip, int rows, int width, byte[] out, int at) {
    ColumnReader reader = reader(name);
    for (int row = -skip; row < rows; row++) {
      if (row >= 0) {
        byte[] value = reader.getBinary().getBytesUnsafe();
        if (value.length != width) {
          throw wrong(name, row, value.length + " bytes, need " + width);
        }
        System.arraycopy(value, 0, out, (at + row) * width, width);
      } else {
        reader.skip();
      }
      reader.consume();
    }
  }

  /** Reads a list of exactly {@code length} int32 in each row. */
  public void ints(String name, int skip, int rows, int length, int[] out, int at) {
    ColumnReader reader = reader(name, "list", "element");
    for (int row = -skip; row < rows; row++) {
      for (int i = 0; i < length; i++) {
        checkPlace(name, reader, row, i, 1);
        if (row >= 0) {
          out[(at + row) * length + i] = reader.getInteger();
        } else {
          reader.skip();
        }
        reader.consume();
      }
    }
    checkEnd(name, reader, rows);
  }

  /** Reads a list of exactly {@code length} float or null in each row; null becomes NaN. */
  public void floats(String name, int skip, int rows, int length, float[] out, int at) {
    ColumnReader reader = reader(name, "list", "element");
    for (int row = -skip; row < rows; row++) {
      for (int i = 0; i < length; i++) {
        checkPlace(name, reader, row, i, 1);
        boolean there = reader.getCurrentDefinitionLevel() == 2;
        if (row >= 0) {
          out[(at + row) * length + i] = there ? reader.getFloat() : Float.NaN;
        } else if (there) {
          reader.skip();
        }
        reader.consume();
      }
    }
    checkEnd(name, reader, rows);
  }

  /** Takes the value at which a nested column's reader stands. */
  public interface Value {
    /**
     * Takes the value.
     *
     * @param entry index of the entry among all that are kept
     */
    void take(int entry);
  }

  /**
   * Reads lists of lists, and sets the offsets of {@code into} to their lengths.
   *
   * @param at row of {@code into} that comes first
   * @param value called with the reader at each kept entry
   */
  public void nested(
      ColumnReader reader, String name, int skip, int rows, NestedRows into, int at, Value value) {
    walk(reader, name, skip, rows, into, at, value, true);
  }

  /** Reads lists that must be as long as those read before them. */
  public void alongside(
      ColumnReader reader, String name, int skip, int rows, NestedRows into, int at, Value value) {
    walk(reader, name, skip, rows, into, at, value, false);
  }

  private void walk(
      ColumnReader reader,
      String name,
      int skip,
      int rows,
      NestedRows into,
      int at,
      Value value,
      boolean first) {
    checkRequired(name, reader);
    int[] offsets = into.offsets();
    int kept = offsets[at * into.length()];
    for (int row = -skip; row < rows; row++) {
      long entries = 0;
      for (int i = 0; i < into.length(); i++) {
        checkPlace(name, reader, row, i, 1);
        long before = entries;
        boolean empty = reader.getCurrentDefinitionLevel() == 1;
        int taken = 0;
        do {
          if (++entries > NestedRows.MAX_ENTRIES || entries - before > into.vocabulary()) {
            throw wrong(
                name,
                row,
                String.format(
                    "list %d has more entries than the vocabulary of %d, or the sequence than %d",
                    i, into.vocabulary(), NestedRows.MAX_ENTRIES));
          }
          if (!empty && row >= 0 && taken < into.max()) {
            value.take(kept++);
            taken++;
          } else if (!empty) {
            reader.skip();
          }
          reader.consume();
        } while (reader.getCurrentRepetitionLevel() == 2);
        int end = (at + row) * into.length() + i + 1;
        if (row >= 0 && first) {
          offsets[end] = kept;
        } else if (row >= 0 && offsets[end] != kept) {
          int needed = taken + offsets[end] - kept;
          throw wrong(
              name, row, "list " + i + " has " + taken + " entries where others have " + needed);
        }
      }
    }
    checkEnd(name, reader, rows);
  }

  /**
   * Checks repetition levels: a row starts at level 0, further elements of its list are at level 1.
   */
  private void checkPlace(String name, ColumnReader reader, int row, int i, int level) {
    int expected = i == 0 ? 0 : level;
    if (reader.getCurrentRepetitionLevel() != expected
        || reader.getCurrentDefinitionLevel() < level) {
      throw wrong(name, row, "the list does not have the sequence's length: it ends at " + i);
    }
  }

  /**
   * Checks that entries are required: a schema in which they may be null has a definition level
   * more.
   */
  private void checkRequired(String name, ColumnReader reader) {
    if (reader.getDescriptor().getMaxDefinitionLevel() != 2) {
      throw wrong(name, 0, "its entries may be null");
    }
  }

  private void checkEnd(String name, ColumnReader reader, int rows) {
    if (reader.getCurrentRepetitionLevel() != 0) {
      throw wrong(name, rows - 1, "the list is longer than the sequence");
    }
  }

  private DamagedBlobException wrong(String name, int row, String reason) {
    return new DamagedBlobException(
        footer.blob(), 0, "column " + name + ", row " + row + " of those read: " + reason);
  }
}
