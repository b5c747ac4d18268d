package dev.stillhouse.storage.tokens;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.parquet.Columns;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.statistics.RowFingerprint;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The columns of packed sequences, which come first in token shards and value-readable layouts. One
 * Parquet row is one sequence; a list has one element for each position.
 */
public final class TokenColumns {
  /** The columns that are always read: a statistic never travels without its tokens. */
  public static final ImmutableSet<String> NAMES =
      ImmutableSet.of("sequence", "tokens", "segments", "fingerprint");

  private TokenColumns() {}

  /** Returns the types of the columns, in order. */
  public static List<Type> types() {
    return List.of(
        Types.required(INT64).named("sequence"),
        Fields.list("tokens", Fields.element(INT32)),
        Fields.list("segments", Fields.element(INT32)),
        Types.required(FIXED_LEN_BYTE_ARRAY).length(RowFingerprint.BYTES).named("fingerprint"));
  }

  /** Writes {@link #types}, fields 0 to 3. */
  public static void write(RecordConsumer out, TokenBatch batch, int row) {
    int from = row * batch.length();
    int to = from + batch.length();
    out.startField("sequence", 0);
    out.addLong(batch.firstSequence() + row);
    out.endField("sequence", 0);
    Fields.ints(out, "tokens", 1, batch.tokens(), from, to);
    Fields.ints(out, "segments", 2, batch.segments(), from, to);
    out.startField("fingerprint", 3);
    out.addBinary(Binary.fromConstantByteArray(batch.fingerprint(row)));
    out.endField("fingerprint", 3);
  }

  /**
   * Reads tokens of some rows and compares them with their fingerprints and numbers.
   *
   * @param firstSequence the number that the row at {@code at} must have
   * @param at row of {@code tokens} and {@code segments} to write first
   */
  public static void read(
      String blob,
      Columns columns,
      int skip,
      int rows,
      int length,
      long firstSequence,
      int[] tokens,
      int[] segments,
      int at) {
    long[] numbers = new long[rows];
    byte[] fingerprints = new byte[rows * RowFingerprint.BYTES];
    columns.longs("sequence", skip, rows, numbers, 0);
    columns.binaries("fingerprint", skip, rows, RowFingerprint.BYTES, fingerprints, 0);
    columns.ints("tokens", skip, rows, length, tokens, at);
    columns.ints("segments", skip, rows, length, segments, at);
    for (int row = 0; row < rows; row++) {
      checkRow(
          blob,
          firstSequence + row,
          numbers[row],
          RowFingerprint.of(tokens, segments, (at + row) * length, length),
          Arrays.copyOfRange(
              fingerprints, row * RowFingerprint.BYTES, (row + 1) * RowFingerprint.BYTES));
    }
  }

  /**
   * Checks law 1 of a row.
   *
   * @param expected its number by its place in the shard
   * @param number its stored number
   * @param found fingerprint of the tokens and segments that were read
   * @param fingerprint its stored fingerprint
   */
  public static void checkRow(
      String blob, long expected, long number, byte[] found, byte[] fingerprint) {
    if (number != expected) {
      throw new DamagedBlobException(
          blob, 0, "sequence " + number + " stands where " + expected + " must");
    }
    if (!Arrays.equals(found, fingerprint)) {
      throw new DamagedBlobException(
          blob, 0, "sequence " + number + ": its tokens do not have its fingerprint");
    }
  }
}
