package dev.stillhouse.storage.layout.columns;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.parquet.Fields;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** The columns of generation 2. */
final class ColumnsSchema {
  static final String IDS = "ids";
  static final String LOG_PROBS = "log_probs";
  static final int IDS_FIELD = 4;
  static final int LOG_PROBS_FIELD = 5;
  static final String[] ID = {IDS, "list", "element", "list", "element"};
  static final String[] LOG_PROB = {LOG_PROBS, "list", "element", "list", "element"};

  static final MessageType SCHEMA =
      new MessageType(
          ColumnsLayout.NAME,
          ImmutableList.<Type>builder()
              .addAll(CommonColumns.tokenTypes())
              .add(Fields.list(IDS, Fields.list("element", Fields.element(INT32))))
              .add(Fields.list(LOG_PROBS, Fields.list("element", Fields.element(FLOAT))))
              .addAll(CommonColumns.scalarTypes())
              .build());

  private ColumnsSchema() {}
}
