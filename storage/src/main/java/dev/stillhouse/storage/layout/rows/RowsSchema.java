package dev.stillhouse.storage.layout.rows;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.tokens.TokenColumns;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/** The columns of generation 1. */
final class RowsSchema {
  static final String ENTRIES = "entries";
  static final int ENTRIES_FIELD = 4;

  private RowsSchema() {}

  /** Returns the schema of a statistic's shards. */
  static MessageType of(StatisticSpec spec) {
    return new MessageType(
        RowsLayout.NAME,
        ImmutableList.<Type>builder()
            .addAll(TokenColumns.types())
            .add(Fields.list(ENTRIES, Fields.list("element", entry(spec))))
            .addAll(CommonColumns.scalarTypes(spec))
            .build());
  }

  private static Type entry(StatisticSpec spec) {
    return new GroupType(
        Repetition.REQUIRED,
        "element",
        EntryColumn.of(spec).stream().map(column -> column.type(name(column))).toList());
  }

  /** Returns the name of a field of an entry's struct. */
  static String name(EntryColumn column) {
    return switch (column) {
      case ID -> "id";
      case LOG_PROB -> "log_prob";
      case REASONS -> "reasons"; // One entry may have several.
      case COUNT -> "count";
      case LOG_PROPOSAL -> "log_proposal";
    };
  }

  /** Returns the path of that field. */
  static String[] path(EntryColumn column) {
    return new String[] {ENTRIES, "list", "element", "list", "element", name(column)};
  }
}
