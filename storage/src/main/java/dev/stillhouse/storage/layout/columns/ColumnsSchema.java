package dev.stillhouse.storage.layout.columns;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.tokens.TokenColumns;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** The columns of generation 2. */
final class ColumnsSchema {
  static final int ENTRIES_FIELD = 4;

  private ColumnsSchema() {}

  /** Returns the schema of a statistic's shards. */
  static MessageType of(StatisticSpec spec) {
    var types = ImmutableList.<Type>builder().addAll(TokenColumns.types());
    for (EntryColumn column : EntryColumn.of(spec)) {
      types.add(Fields.list(name(column), Fields.list("element", column.type("element"))));
    }
    return new MessageType(
        ColumnsLayout.NAME, types.addAll(CommonColumns.scalarTypes(spec)).build());
  }

  /** Returns the leaves that are stored byte-stream-split: all values of entries. */
  static ImmutableSet<String> split(StatisticSpec spec) {
    return EntryColumn.of(spec).stream()
        .map(column -> String.join(".", path(column)))
        .collect(ImmutableSet.toImmutableSet());
  }

  /** Returns the name of the column of a value of entries. */
  static String name(EntryColumn column) {
    return switch (column) {
      case ID -> "ids";
      case LOG_PROB -> "log_probs";
      case REASONS -> "reasons";
      case COUNT -> "counts";
      case LOG_PROPOSAL -> "log_proposals";
    };
  }

  /** Returns the path of the leaf of a value of entries. */
  static String[] path(EntryColumn column) {
    return new String[] {name(column), "list", "element", "list", "element"};
  }
}
