package dev.stillhouse.storage.layout.pages;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ScalarColumn;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.PlainPage;
import dev.stillhouse.storage.statistics.RowFingerprint;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.tokens.TokenColumns;
import java.util.Arrays;

/** Decodes what every position has: tokens, scalars, and the number of entries. */
final class RowDecoder {
  private final String blob;
  private final PageSchema schema;
  private final FetchedPages pages;
  private final int firstRow;
  private final int vocabulary;
  private final Projection projection;
  private final TokenBatch tokens;
  private final StatisticsBatch scalars;

  RowDecoder(
      String blob,
      ShardHeader header,
      PageSchema schema,
      FetchedPages pages,
      int firstRow,
      int rows,
      Projection projection) {
    this.blob = blob;
    this.schema = schema;
    this.pages = pages;
    this.firstRow = firstRow;
    this.vocabulary = header.vocabulary();
    this.projection = projection;
    long slots = (long) rows * header.sequenceLength();
    if (slots > Ints.MAX_POWER_OF_TWO) {
      throw new DamagedBlobException(blob, 0, slots + " positions at once; read fewer rows");
    }
    for (int row = firstRow; row < firstRow + rows; row++) {
      long length = (long) schema.tokenBytes() * header.sequenceLength();
      PlaneValue.expect(pages, PageSchema.TOKENS, row, length);
    }
    this.tokens = TokenBatch.room(header.firstSequence() + firstRow, rows, header.sequenceLength());
    this.scalars = StatisticsBatch.nulls(header.spec(), tokens);
  }

  /** Reads all rows; returns the number of entries of each position, {@code [rows][T]}. */
  int[][] read() {
    int length = tokens.length();
    int[][] kept = new int[tokens.sequences()][];
    for (int row = 0; row < kept.length; row++) {
      readTokens(row);
      for (int i = 0; i < schema.scalars().size(); i++) {
        ScalarColumn scalar = schema.scalars().get(i);
        if (projection.has(scalar.column())) {
          PlainPage value =
              PlaneValue.exact(pages, 0, PageSchema.SCALARS + i, firstRow + row, 4L * length);
          float[] values = scalar.values().apply(scalars);
          PlaneBytes.getFloats(value, length, 0, values, row * length, length);
        }
      }
      kept[row] =
          projection.entries()
              ? EntryCounts.read(
                  pages,
                  schema.kept(),
                  firstRow + row,
                  tokens.segments(),
                  row * length,
                  length,
                  vocabulary)
              : new int[length];
    }
    return kept;
  }

  private void readTokens(int row) {
    int length = tokens.length();
    int from = row * length;
    int at = firstRow + row;
    PlainPage ids =
        PlaneValue.exact(pages, 0, PageSchema.TOKENS, at, (long) schema.tokenBytes() * length);
    PlaneBytes.getInts(ids, 0, schema.tokenBytes(), tokens.tokens(), from, length);
    PlainPage value = PlaneValue.open(pages, 0, PageSchema.SEGMENTS, at, 1 + 4L * length);
    EntryCounts.sized(pages, PageSchema.SEGMENTS, at, value, tokens.segments(), from, length);
    for (int i = from; i < from + length; i++) {
      tokens.segments()[i] += TokenBatch.PADDING;
    }
    TokenColumns.checkRow(
        blob,
        tokens.firstSequence() + row,
        Long.reverseBytes(Longs.fromByteArray(fixed(PageSchema.NUMBER, at, Long.BYTES))),
        tokens.fingerprint(row),
        fixed(PageSchema.FINGERPRINT, at, RowFingerprint.BYTES));
  }

  /** Returns a value of a column that is not BINARY. */
  private byte[] fixed(int column, int row, int length) {
    PlainPage page = pages.open(0, column, row, length);
    if (page.length() != length) {
      throw pages.damaged(column, row, page.length() + " bytes where " + length + " must be");
    }
    return Arrays.copyOfRange(page.array(), page.from(), page.from() + length);
  }

  /** Returns the tokens of all slots. The rows must have been read. */
  int[] tokens() {
    return tokens.tokens();
  }

  /** Returns the batch, with its entries. */
  StatisticsBatch build(Entries entries) {
    return scalars.withEntries(
        entries.offsets(), entries.ids(), entries.logProbs(), entries.provenance());
  }
}
