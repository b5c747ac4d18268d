package dev.stillhouse.pipeline.formats.fields;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.pipeline.corpus.parquet.NumberColumn;
import dev.stillhouse.pipeline.corpus.parquet.NumberRows;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.storage.DataException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Reads the rows of a Parquet file, a sequence each. */
final class SequenceRows implements FieldValues, AutoCloseable {
  private final ImportFile file;
  private final NumberRows rows;
  private final List<Field> fields = new ArrayList<>();
  private final Map<Field, Numbers> numbers = new EnumMap<>(Field.class);
  private final Numbers noIds = new Numbers();
  private final Set<Field> seen = EnumSet.noneOf(Field.class);

  /** Opens a file, and finds its columns. */
  SequenceRows(ImportFile file, FieldMap map) {
    this.file = file;
    this.rows = new NumberRows(file.path(), file.progress());
    for (Field field : Field.values()) {
      numbers.put(field, new Numbers());
    }
    List<NumberColumn> columns = new ArrayList<>();
    map.paths()
        .forEach(
            (path, field) -> {
              NumberColumn column = rows.columns().get(String.join(".", path));
              if (column != null) {
                checkDepth(column, field);
                columns.add(column);
                fields.add(field);
              }
            });
    map.needed()
        .forEach(
            (field, path) -> {
              if (!fields.contains(field)) {
                throw DataException.of(
                    "%s has no column of numbers '%s'; present: %s (--set %s=COLUMN names another)",
                    file.path(), path, rows.columns().keySet(), field.word());
              }
            });
    rows.request(columns);
  }

  private void checkDepth(NumberColumn column, Field field) {
    int need =
        switch (field.shape()) {
          case INTEGERS, NUMBERS -> 1;
          case ROWS, ROWS_OF_INTEGERS, ENTRIES -> 2;
        };
    if (field == Field.ENTRIES) {
      throw DataException.of(
          "%s: column '%s' cannot be entries; name its parts, as in --set ids=%s.id --set"
              + " log_probs=%s.log_prob",
          file.path(), column.path(), column.path(), column.path());
    }
    if (column.depth() != need) {
      throw DataException.of(
          "%s: column '%s' is %d lists deep, %s needs %d",
          file.path(), column.path(), column.depth(), field.word(), need);
    }
  }

  @Override
  public boolean next() {
    if (!rows.next()) {
      return false;
    }
    seen.clear();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      Numbers to = numbers(field);
      to.clear();
      boolean integers =
          field.shape() == Field.Shape.INTEGERS || field.shape() == Field.Shape.ROWS_OF_INTEGERS;
      if (rows.read(i, new Into(to, field, integers))) {
        seen.add(field);
      }
    }
    return true;
  }

  /** Takes numbers, and checks those that must be integers. */
  private final class Into implements NumberRows.Sink {
    private final Numbers to;
    private final Field field;
    private final boolean integers;

    Into(Numbers to, Field field, boolean integers) {
      this.to = to;
      this.field = field;
      this.integers = integers;
    }

    @Override
    public void row() {
      to.row();
    }

    @Override
    public void number(double value) {
      if (integers && !(value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE)) {
        throw wrong("column '%s' holds %s, need an integer of 32 bits", field.word(), value);
      }
      if ((to.all() & (to.all() - 1)) == 0 && to.all() >= 1 << 16) {
        if (to.all() >= SourceSequence.MAX_ENTRIES) {
          throw wrong("column '%s' has more than %d numbers", field.word(), to.all());
        }
        HeapLimit.check(file.path() + ", " + place(), 16L * to.all(), 5);
      }
      to.add(value);
    }

    @Override
    public void integer(long value) {
      number((double) value);
    }
  }

  @Override
  public boolean has(Field field) {
    return seen.contains(field);
  }

  @Override
  public Numbers numbers(Field field) {
    return Objects.requireNonNull(numbers.get(field));
  }

  @Override
  public Numbers entryIds() {
    return noIds;
  }

  @Override
  public long document() {
    return rows.row();
  }

  @Override
  public String place() {
    return "row " + rows.row();
  }

  @Override
  @FormatMethod
  public DataException wrong(@FormatString String rule, Object... values) {
    return DataException.of("%s: %s: %s", file.path(), place(), String.format(rule, values));
  }

  @Override
  public void close() {
    rows.close();
  }
}
