package dev.stillhouse.storage.layout.planes;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.Wanted;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.RowPages;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads generation 3: the pages of the rows that are wanted, and no others. */
final class PlanesShardReader implements ShardReader {
  private final Footer footer;
  private final ShardHeader header;
  private final PlanesSchema schema;
  private final RowPages pages;

  PlanesShardReader(Footer footer) {
    this.footer = footer;
    this.header = ShardHeader.of(footer);
    this.schema = new PlanesSchema(header);
    this.pages = new RowPages(footer, schema.type());
  }

  @Override
  public ShardHeader header() {
    return header;
  }

  @Override
  public List<ByteRange> ranges(int from, int to, Wanted wanted) {
    checkRows(from, to);
    return pages.ranges(from, to, schema.columns(wanted));
  }

  @Override
  public StatisticsBatch decode(int from, int to, Wanted wanted, List<ByteBuffer> bytes) {
    checkRows(from, to);
    try (FetchedPages fetched = pages.fetched(from, to, schema.columns(wanted), bytes)) {
      RowDecoder rows =
          new RowDecoder(footer.blob(), header, schema, fetched, from, to - from, wanted);
      EntryDecoder entries = new EntryDecoder(header, schema, fetched, from, wanted, rows.read());
      return rows.build(entries.read());
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
