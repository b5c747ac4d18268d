package dev.stillhouse.storage.manifest;

import static dev.stillhouse.storage.manifest.ShardColumn.BYTES;
import static dev.stillhouse.storage.manifest.ShardColumn.ENTRIES;
import static dev.stillhouse.storage.manifest.ShardColumn.ENTROPY;
import static dev.stillhouse.storage.manifest.ShardColumn.FINGERPRINT;
import static dev.stillhouse.storage.manifest.ShardColumn.FIRST_SEQUENCE;
import static dev.stillhouse.storage.manifest.ShardColumn.FOOTER_BYTES;
import static dev.stillhouse.storage.manifest.ShardColumn.FOOTER_CRC32C;
import static dev.stillhouse.storage.manifest.ShardColumn.POSITIONS;
import static dev.stillhouse.storage.manifest.ShardColumn.SEQUENCES;
import static dev.stillhouse.storage.manifest.ShardColumn.SHA256;
import static dev.stillhouse.storage.manifest.ShardColumn.TAIL_MASS;
import static dev.stillhouse.storage.manifest.ShardColumn.TARGETS;
import static dev.stillhouse.storage.manifest.ShardColumn.TARGET_LOG_PROB;
import static dev.stillhouse.storage.manifest.ShardColumn.TOKEN_BYTES;
import static dev.stillhouse.storage.manifest.ShardColumn.TOKEN_FOOTER_BYTES;
import static dev.stillhouse.storage.manifest.ShardColumn.TOKEN_FOOTER_CRC32C;
import static dev.stillhouse.storage.manifest.ShardColumn.TOKEN_POSITIONS;
import static dev.stillhouse.storage.manifest.ShardColumn.TOKEN_SHA256;
import static dev.stillhouse.storage.manifest.ShardColumn.UNIT_START;

import dev.stillhouse.storage.parquet.PlainColumns;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive shards as columns: {@value #ROW_BYTES} bytes each, and no object.
 *
 * <p>A {@link ShardRecord} with its strings takes three times as much, so records are made on
 * request.
 */
final class ShardList {
  /** Max shards of a list: such a list has some ten megabytes. */
  static final int MAX_SHARDS = 1 << 16;

  /** Plain bytes of a shard. */
  static final int ROW_BYTES = 204;

  static final PlainColumns COLUMNS = new PlainColumns(ShardColumn.SCHEMA);

  private static final HexFormat HEX = HexFormat.of();

  private final int shards;

  /** The values of each column, little-endian. */
  private final List<ByteBuffer> columns;

  /** The blob that holds this list, or null as long as that is unknown. */
  private volatile @Nullable ListRecord stored;

  /**
   * Creates a list without checking it.
   *
   * @param columns as {@link PlainColumns} reads them; they must not change later
   */
  ShardList(int shards, List<ByteBuffer> columns) {
    this.shards = shards;
    this.columns = columns;
  }

  /** Returns the columns of these shards. */
  static ShardList of(List<ShardRecord> records) {
    ShardList list = new ShardList(records.size(), COLUMNS.empty(records.size()));
    int row = 0;
    for (ShardRecord shard : records) {
      list.put(row++, shard);
    }
    return list;
  }

  private void put(int row, ShardRecord shard) {
    hash(SHA256, row, shard.blob().sha256());
    column(BYTES).putLong(at(BYTES, row), shard.blob().bytes());
    column(FOOTER_BYTES).putInt(at(FOOTER_BYTES, row), shard.blob().footerBytes());
    hash(FOOTER_CRC32C, row, shard.blob().footerCrc32c());
    column(FIRST_SEQUENCE).putLong(at(FIRST_SEQUENCE, row), shard.firstSequence());
    hash(FINGERPRINT, row, shard.fingerprint());
    column(POSITIONS).putLong(at(POSITIONS, row), shard.totals().positions());
    column(TARGETS).putLong(at(TARGETS, row), shard.totals().targets());
    column(ENTRIES).putLong(at(ENTRIES, row), shard.totals().entries());
    column(TARGET_LOG_PROB).putDouble(at(TARGET_LOG_PROB, row), shard.totals().targetLogProb());
    column(ENTROPY).putDouble(at(ENTROPY, row), shard.totals().entropy());
    column(TAIL_MASS).putDouble(at(TAIL_MASS, row), shard.totals().tailMass());
    hash(TOKEN_SHA256, row, shard.tokens().blob().sha256());
    column(TOKEN_BYTES).putLong(at(TOKEN_BYTES, row), shard.tokens().blob().bytes());
    column(TOKEN_FOOTER_BYTES)
        .putInt(at(TOKEN_FOOTER_BYTES, row), shard.tokens().blob().footerBytes());
    hash(TOKEN_FOOTER_CRC32C, row, shard.tokens().blob().footerCrc32c());
    column(UNIT_START).putLong(at(UNIT_START, row), shard.tokens().unitStart());
    column(SEQUENCES).putInt(at(SEQUENCES, row), shard.tokens().sequences());
    column(TOKEN_POSITIONS).putLong(at(TOKEN_POSITIONS, row), shard.tokens().positions());
  }

  /** Returns one shard. */
  ShardRecord get(int row) {
    return new ShardRecord(
        new BlobRecord(
            hash(SHA256, row),
            number(BYTES, row),
            integer(FOOTER_BYTES, row),
            hash(FOOTER_CRC32C, row)),
        number(FIRST_SEQUENCE, row),
        hash(FINGERPRINT, row),
        totals(row),
        new TokenShardRecord(
            new BlobRecord(
                hash(TOKEN_SHA256, row),
                number(TOKEN_BYTES, row),
                integer(TOKEN_FOOTER_BYTES, row),
                hash(TOKEN_FOOTER_CRC32C, row)),
            number(UNIT_START, row),
            integer(SEQUENCES, row),
            number(TOKEN_POSITIONS, row)));
  }

  /** Returns the sums over the positions of one shard. */
  Totals totals(int row) {
    return new Totals(
        number(POSITIONS, row),
        number(TARGETS, row),
        number(ENTRIES, row),
        real(TARGET_LOG_PROB, row),
        real(ENTROPY, row),
        real(TAIL_MASS, row));
  }

  /** Returns the number of shards. */
  int shards() {
    return shards;
  }

  /** Returns an int64 of one shard. */
  long number(ShardColumn column, int row) {
    return column(column).getLong(at(column, row));
  }

  /** Returns an int32 of one shard. */
  int integer(ShardColumn column, int row) {
    return column(column).getInt(at(column, row));
  }

  /** Returns the bytes of one shard's value as hex digits. */
  String hash(ShardColumn column, int row) {
    byte[] bytes = new byte[column.width];
    column(column).get(at(column, row), bytes);
    return HEX.formatHex(bytes);
  }

  private void hash(ShardColumn column, int row, String hex) {
    column(column).put(at(column, row), HEX.parseHex(hex));
  }

  private double real(ShardColumn column, int row) {
    return column(column).getDouble(at(column, row));
  }

  private static int at(ShardColumn column, int row) {
    return column.width * row;
  }

  /** Returns all values of a column, little-endian; not to be changed. */
  ByteBuffer column(ShardColumn column) {
    return columns.get(column.index);
  }

  /** Returns all columns; not to be changed. */
  List<ByteBuffer> columns() {
    return columns;
  }

  /** Returns the first dataset-wide number of its first shard. */
  long firstSequence() {
    return number(FIRST_SEQUENCE, 0);
  }

  /** Returns the first dataset-wide number behind one shard. */
  long endSequence(int row) {
    return number(FIRST_SEQUENCE, row) + integer(SEQUENCES, row);
  }

  /** Returns the first dataset-wide number behind its last shard. */
  long endSequence() {
    return endSequence(shards - 1);
  }

  /** Returns the blob that holds it; null until it was read or put. */
  @Nullable ListRecord stored() {
    return stored;
  }

  /** Returns the same list, held by that blob. */
  ShardList storedAs(ListRecord blob) {
    stored = blob;
    return this;
  }
}
