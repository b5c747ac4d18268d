package dev.stillhouse.storage.layout;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.tokens.TokenColumns;
import java.util.List;
import java.util.Set;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.Type;

/**
 * The scalar columns that value-readable layouts share, behind those of {@link TokenColumns}. One
 * Parquet row is one sequence, a list has one element for each position.
 */
public final class CommonColumns {
  private CommonColumns() {}

  /** Returns the last columns of a schema. */
  public static List<Type> scalarTypes(StatisticSpec spec) {
    return ScalarColumn.of(spec).stream()
        .map(scalar -> Fields.list(scalar.name(), Fields.optionalElement(FLOAT)))
        .toList();
  }

  /**
   * Returns the names of the columns that a projection reads of a statistic: the tokens', and
   * scalars.
   */
  public static Set<String> names(StatisticSpec spec, Projection projection) {
    var names = ImmutableSet.<String>builder().addAll(TokenColumns.NAMES);
    ScalarColumn.of(spec).stream()
        .filter(scalar -> projection.has(scalar.column()))
        .forEach(scalar -> names.add(scalar.name()));
    return names.build();
  }

  /** Writes {@link #scalarTypes}, from field {@code index} on. */
  public static void writeScalars(
      RecordConsumer out, StatisticSpec spec, StatisticsBatch batch, int row, int index) {
    int from = row * batch.tokens().length();
    int to = from + batch.tokens().length();
    int field = index;
    for (ScalarColumn scalar : ScalarColumn.of(spec)) {
      Fields.floats(out, scalar.name(), field++, scalar.values().apply(batch), from, to);
    }
  }
}
