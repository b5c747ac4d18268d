package dev.stillhouse.storage.layout.rows;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.parquet.Fields;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** The columns of generation 1. */
final class RowsSchema {
  static final String ENTRIES = "entries";
  static final int ENTRIES_FIELD = 4;
  static final String[] ID = {ENTRIES, "list", "element", "list", "element", "id"};
  static final String[] LOG_PROB = {ENTRIES, "list", "element", "list", "element", "log_prob"};

  static final MessageType SCHEMA =
      new MessageType(
          RowsLayout.NAME,
          ImmutableList.<Type>builder()
              .addAll(CommonColumns.tokenTypes())
              .add(Fields.list(ENTRIES, Fields.list("element", entry())))
              .addAll(CommonColumns.scalarTypes())
              .build());

  private RowsSchema() {}

  private static Type entry() {
    return Types.requiredGroup()
        .addField(Types.required(INT32).named("id"))
        .addField(Types.required(FLOAT).named("log_prob"))
        .named("element");
  }
}
