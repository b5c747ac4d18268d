package dev.stillhouse.storage.loader.dense;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Projection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The shape of dense batches, one for a whole run: {@link DenseField} describes each column.
 *
 * <p>{@value #LOG_ZERO} stands for minus infinity: a float16 holds it, its exponential is 0, and 0
 * times it is 0 where infinity gives NaN. Rows that a rank does not have are padding.
 *
 * @param k entries of a slot, 0 to 1,048,576
 * @param integerType type of the whole numbers: INT32 or INT64
 * @param floatType type of the others: FLOAT16, BFLOAT16 or FLOAT32
 * @param fields the columns, one or more, each once
 */
@PublicApi
public record DenseForm(
    int k, NumberType integerType, NumberType floatType, ImmutableList<DenseField> fields) {
  /** Stands for the logarithm of 0, in nats. */
  public static final float LOG_ZERO = -10_000f;

  /** The target where there is none: what PyTorch's losses ignore by default. */
  public static final int NO_TARGET = -100;

  private static final int MAX_ENTRIES = 1 << 20;

  public DenseForm {
    if (k < 0 || k > MAX_ENTRIES) {
      throw UsageException.of("dense batches of %d entries: need 0 to %d", k, MAX_ENTRIES);
    }
    if ((integerType != NumberType.INT32 && integerType != NumberType.INT64)
        || !floatType.isFloat()) {
      throw UsageException.of(
          "dense batches of %s and %s: need INT32 or INT64, and a floating-point type",
          integerType, floatType);
    }
    Set<DenseField> seen = new HashSet<>();
    for (DenseField field : fields) {
      if (!seen.add(field)) {
        throw UsageException.of("dense batches have column %s twice", field.column());
      }
    }
    if (fields.isEmpty()) {
      throw new UsageException("dense batches without a column; name one or more");
    }
  }

  /** Has the nine columns that a loss on entries needs, from {@code tokens} to the normaliser. */
  public DenseForm(int k, NumberType integerType, NumberType floatType) {
    this(k, integerType, floatType, DenseField.USUAL);
  }

  /** Has the same nine columns, of int32 and float32. */
  public static DenseForm of(int k) {
    return new DenseForm(k, NumberType.INT32, NumberType.FLOAT32);
  }

  /** Returns what must be read of each row to fill the columns: k entries, and no other columns. */
  public Projection projection() {
    Set<Projection.Column> columns = EnumSet.noneOf(Projection.Column.class);
    for (DenseField field : fields) {
      field.needs().ifPresent(columns::add);
      if (field == DenseField.LOG_TAIL || field.level() == DenseField.Level.ENTRY) {
        columns.add(Projection.Column.ENTRIES); // The tail has the mass of entries beyond k.
      }
    }
    return new Projection(columns, k);
  }

  /** Returns name, type and shape of each column, for batches of {@code rows} rows. */
  List<DenseColumn.Kind> columns(int rows, int length) {
    return fields.stream()
        .map(field -> new DenseColumn.Kind(field.column(), type(field), shape(field, rows, length)))
        .toList();
  }

  private ImmutableList<Integer> shape(DenseField field, int rows, int length) {
    return switch (field.level()) {
      case ROW -> ImmutableList.of(rows);
      case SLOT -> ImmutableList.of(rows, length);
      case ENTRY -> ImmutableList.of(rows, length, k);
    };
  }

  private NumberType type(DenseField field) {
    return switch (field.number()) {
      case BYTE -> NumberType.UINT8;
      case INTEGER -> integerType;
      case LONG -> NumberType.INT64;
      case FLOAT -> floatType;
    };
  }
}
