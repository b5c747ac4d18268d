package dev.stillhouse.storage.layout.pages;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.RowPages;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Reads the pages of the requested rows, and no others. A layout adds how its entries lie. */
public abstract class PageShardReader implements ShardReader {
  private final Footer footer;
  private final ShardHeader header;
  private final PageSchema schema;
  private final RowPages pages;

  /** Creates a reader of a shard that has these columns. */
  protected PageShardReader(Footer footer, ShardHeader header, PageSchema schema) {
    this.footer = footer;
    this.header = header;
    this.schema = schema;
    this.pages = new RowPages(footer, schema.type());
  }

  /** Returns which of the layout's own columns a projection reads; it reads entries. */
  protected abstract IntStream own(Projection projection);

  /**
   * Checks the lengths that pages claim before memory is taken for them.
   *
   * @param kept entries of each position of the row
   */
  protected abstract void expect(FetchedPages fetched, int row, int[] kept, Projection projection);

  /** Decodes ids and log-probs of the rows' entries. */
  protected abstract void read(
      FetchedPages fetched,
      List<RowEntries> rows,
      int[] tokens,
      Entries entries,
      Projection projection);

  @Override
  public final ShardHeader header() {
    return header;
  }

  @Override
  public final List<ByteRange> ranges(int from, int to, Projection projection) {
    checkRows(from, to);
    return pages.ranges(from, to, schema.columns(projection, own(projection)));
  }

  @Override
  public final StatisticsBatch decode(
      int from, int to, Projection projection, List<ByteBuffer> bytes) {
    checkRows(from, to);
    int[] columns = schema.columns(projection, own(projection));
    try (FetchedPages fetched = pages.fetched(from, to, columns, bytes)) {
      RowDecoder rows =
          new RowDecoder(footer.blob(), header, schema, fetched, from, to - from, projection);
      int[][] kept = rows.read();
      int max = projection.maxEntries();
      int[] offsets = Entries.offsets(fetched, schema.kept(), from, kept, max);
      if (!projection.entries()) {
        return rows.build(Entries.room(header, projection, offsets));
      }
      for (int row = 0; row < kept.length; row++) {
        expect(fetched, from + row, kept[row], projection);
      }
      Entries entries = Entries.room(header, projection, offsets);
      int length = header.sequenceLength();
      List<RowEntries> places =
          IntStream.range(0, kept.length)
              .mapToObj(row -> new RowEntries(kept[row], max, offsets, row * length, from + row))
              .toList();
      read(fetched, places, rows.tokens(), entries, projection);
      ProvenanceDecoder provenance = new ProvenanceDecoder(fetched, schema);
      places.forEach(row -> provenance.read(row, entries.provenance()));
      return rows.build(entries);
    }
  }

  private void checkRows(int from, int to) {
    checkArgument(
        0 <= from && from <= to && to <= header.sequences(),
        "rows %s to %s of a shard of %s",
        from,
        to,
        header.sequences());
  }
}
