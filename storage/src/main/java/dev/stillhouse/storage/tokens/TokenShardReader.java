package dev.stillhouse.storage.tokens;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.parquet.Columns;
import dev.stillhouse.storage.parquet.FetchedGroups;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.RowGroups;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnReader;

/** Decodes a token shard without doing I/O, in the same two steps as a layout's reader. */
public final class TokenShardReader {
  private static final int MAX_POSITIONS_AT_ONCE = 1 << 28;

  private final Footer footer;
  private final TokenShardHeader header;

  /** Creates a reader of the token shard with this footer. */
  public TokenShardReader(Footer footer) {
    this.footer = footer;
    this.header = TokenShardHeader.of(footer);
  }

  /** Returns the header of the shard. */
  public TokenShardHeader header() {
    return header;
  }

  /** Returns the number of sequences. */
  public int sequences() {
    return Math.toIntExact(footer.rows());
  }

  /** Returns the byte ranges of rows {@code from .. to} (exclusive). */
  public List<ByteRange> ranges(int from, int to, boolean sources) {
    return groups(sources).ranges(from, to);
  }

  /**
   * Decodes the bytes of {@link #ranges} and compares each row with its fingerprint.
   *
   * @param unitStart number within the unit of the shard's first row
   * @param firstSequence number of the first row returned
   */
  public PackedRows decode(
      int from,
      int to,
      boolean sources,
      List<ByteBuffer> bytes,
      long unitStart,
      long firstSequence) {
    int length = header.sequenceLength();
    if ((long) (to - from) * length > MAX_POSITIONS_AT_ONCE) {
      throw new DamagedBlobException(footer.blob(), 0, "too many positions at once");
    }
    FetchedGroups fetched = groups(sources).fetched(from, to, bytes).expect("tokens", length);
    int[] tokens = new int[(to - from) * length];
    int[] segments = new int[tokens.length];
    List<List<SegmentSource>> found = new ArrayList<>();
    int[] done = {0};
    fetched.decode(
        (columns, skip, rows) -> {
          TokenColumns.read(
              footer.blob(),
              columns,
              skip,
              rows,
              length,
              unitStart + from + done[0],
              tokens,
              segments,
              done[0]);
          if (sources) {
            readSources(columns, skip, rows, found);
          }
          done[0] += rows;
        });
    if (done[0] != to - from) {
      throw new DamagedBlobException(
          footer.blob(), 0, "has " + done[0] + " of the " + (to - from) + " rows wanted");
    }
    return new PackedRows(new TokenBatch(firstSequence, length, tokens, segments), found);
  }

  private static void readSources(
      Columns columns, int skip, int rows, List<List<SegmentSource>> found) {
    ColumnReader files = columns.reader(TokenShardWriter.SOURCES, "list", "element", "file");
    ColumnReader documents =
        columns.reader(TokenShardWriter.SOURCES, "list", "element", "document");
    for (int row = -skip; row < rows; row++) {
      List<SegmentSource> sources = new ArrayList<>();
      do {
        if (files.getCurrentDefinitionLevel() == 1) {
          sources.add(
              new SegmentSource(files.getBinary().toStringUsingUTF8(), documents.getLong()));
        }
        files.consume();
        documents.consume();
      } while (files.getCurrentRepetitionLevel() == 1);
      if (row >= 0) {
        found.add(List.copyOf(sources));
      }
    }
  }

  private RowGroups groups(boolean sources) {
    var names = ImmutableSet.<String>builder().addAll(TokenColumns.NAMES);
    return new RowGroups(
        footer, sources ? names.add(TokenShardWriter.SOURCES).build() : names.build());
  }
}
