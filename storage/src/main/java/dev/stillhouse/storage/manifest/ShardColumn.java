package dev.stillhouse.storage.manifest;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.Arrays;
import java.util.Locale;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The columns of a {@link ShardList}: the fields of a {@link ShardRecord}, in their order. Hashes
 * are bytes. A CRC32C is four bytes, highest first, so that its hex digits are those of {@link
 * BlobRecord}.
 */
enum ShardColumn {
  SHA256(FIXED_LEN_BYTE_ARRAY, 0, 32),
  BYTES(INT64, 1, 8),
  FOOTER_BYTES(INT32, 2, 4),
  FOOTER_CRC32C(FIXED_LEN_BYTE_ARRAY, 3, 4),
  FIRST_SEQUENCE(INT64, 4, 8),
  FINGERPRINT(FIXED_LEN_BYTE_ARRAY, 5, 32),
  POSITIONS(INT64, 6, 8),
  TARGETS(INT64, 7, 8),
  ENTRIES(INT64, 8, 8),
  TARGET_LOG_PROB(DOUBLE, 9, 8),
  ENTROPY(DOUBLE, 10, 8),
  TAIL_MASS(DOUBLE, 11, 8),
  TOKEN_SHA256(FIXED_LEN_BYTE_ARRAY, 12, 32),
  TOKEN_BYTES(INT64, 13, 8),
  TOKEN_FOOTER_BYTES(INT32, 14, 4),
  TOKEN_FOOTER_CRC32C(FIXED_LEN_BYTE_ARRAY, 15, 4),
  UNIT_START(INT64, 16, 8),
  SEQUENCES(INT32, 17, 4),
  TOKEN_POSITIONS(INT64, 18, 8);

  /** Schema of the Parquet file; names are these in lower case. */
  static final MessageType SCHEMA =
      new MessageType("shards", Arrays.stream(values()).map(ShardColumn::type).toList());

  private final PrimitiveTypeName type;

  /** How many columns come before this one. */
  final int index;

  /** Bytes of a value. */
  final int width;

  ShardColumn(PrimitiveTypeName type, int index, int width) {
    this.type = type;
    this.index = index;
    this.width = width;
  }

  private static Type type(ShardColumn column) {
    Types.PrimitiveBuilder<PrimitiveType> required = Types.required(column.type);
    return (column.type == FIXED_LEN_BYTE_ARRAY ? required.length(column.width) : required)
        .named(column.toString());
  }

  /** Returns its name in the Parquet file. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
