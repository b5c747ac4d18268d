package dev.stillhouse.pipeline.formats.distillkit;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.pipeline.corpus.parquet.NumberColumn;
import dev.stillhouse.pipeline.corpus.parquet.NumberRows;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.SequenceSink;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.pipeline.formats.fields.Numbers;
import dev.stillhouse.storage.DataException;
import java.util.ArrayList;
import java.util.List;

/** Reads some columns of a Parquet file, a row at a time. */
final class ColumnFile implements AutoCloseable {
  /** Max numbers of a column in a row. */
  private static final int MAX_NUMBERS = 1 << 28;

  private final ImportFile file;
  private final NumberRows rows;
  private final List<NumberColumn> columns = new ArrayList<>();
  private final List<Numbers> numbers = new ArrayList<>();

  /** Opens a file with these columns; the first is one list deep, the others two. */
  ColumnFile(ImportFile file, List<String> names) {
    this.file = file;
    this.rows = new NumberRows(file.path(), file.progress());
    for (String name : names) {
      NumberColumn column = rows.columns().get(name);
      int depth = columns.isEmpty() ? 1 : 2;
      if (column == null || column.depth() != depth) {
        rows.close();
        throw DataException.of(
            "%s has no column '%s' of numbers, %d lists deep; present: %s. Files of other columns"
                + " are of format parquet or arcee, those with packed_indices need legacy settings",
            file.path(), name, depth, rows.columns().keySet());
      }
      columns.add(column);
      numbers.add(new Numbers());
    }
    rows.request(columns);
  }

  /** Reads the next row; false at the end. */
  boolean next() {
    if (!rows.next()) {
      return false;
    }
    for (int i = 0; i < columns.size(); i++) {
      Numbers to = numbers.get(i);
      to.clear();
      if (!rows.read(i, new Into(to, columns.get(i).path()))) {
        throw wrong("column '%s' is null", columns.get(i).path());
      }
    }
    return true;
  }

  /** Adds the rows of statistics of a sequence, of the columns of its row. */
  interface Filling {
    void fill(ColumnFile rows, SourceSequence to);
  }

  /** Reads the sequences of all files, each from a row of these columns. */
  static void read(
      ImmutableList<ImportFile> files,
      ImmutableList<String> names,
      Filling filling,
      SequenceSink sink) {
    SourceSequence sequence = new SourceSequence();
    for (ImportFile file : files) {
      try (ColumnFile rows = new ColumnFile(file, names)) {
        while (rows.next()) {
          rows.begin(sequence);
          filling.fill(rows, sequence);
          sink.accept(sequence);
        }
      }
      file.checkLength();
    }
  }

  /** Takes numbers; 64-bit integers as they are. */
  private final class Into implements NumberRows.Sink {
    private final Numbers to;
    private final String column;

    Into(Numbers to, String column) {
      this.to = to;
      this.column = column;
    }

    @Override
    public void row() {
      to.row();
    }

    @Override
    public void number(double value) {
      room();
      to.add(value);
    }

    @Override
    public void integer(long value) {
      room();
      to.addBits(value);
    }

    private void room() {
      if ((to.all() & (to.all() - 1)) == 0 && to.all() >= 1 << 16) {
        if (to.all() >= MAX_NUMBERS) {
          throw wrong("column '%s' has more than %d numbers", column, MAX_NUMBERS);
        }
        HeapLimit.check(file.path() + ", row " + rows.row(), 8L * to.all(), 4);
      }
    }
  }

  /** Begins a sequence, with its tokens. */
  void begin(SourceSequence sequence) {
    sequence.begin(file, rows.row(), "row " + rows.row());
    for (int i = 0; i < numbers(0).all(); i++) {
      long id = integer(0, i);
      if (id < 0 || id > Integer.MAX_VALUE) {
        throw wrong("token %d is %d, need an id of 31 bits", i, id);
      }
      sequence.token((int) id);
    }
  }

  /** Returns an integer, whatever the width of its column. */
  long integer(int column, int index) {
    return columns.get(column).isLong()
        ? numbers(column).bits(index)
        : (long) numbers(column).get(index);
  }

  Numbers numbers(int column) {
    return numbers.get(column);
  }

  /** Returns an error that says where the row is. */
  @com.google.errorprone.annotations.FormatMethod
  DataException wrong(
      @com.google.errorprone.annotations.FormatString String rule, Object... values) {
    return DataException.of("%s: row %d: %s", file.path(), rows.row(), String.format(rule, values));
  }

  @Override
  public void close() {
    rows.close();
  }
}
