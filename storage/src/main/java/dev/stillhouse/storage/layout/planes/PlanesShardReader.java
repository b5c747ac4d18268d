package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.pages.Entries;
import dev.stillhouse.storage.layout.pages.PageShardReader;
import dev.stillhouse.storage.layout.pages.PlaneValue;
import dev.stillhouse.storage.layout.pages.RowEntries;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.Footer;
import java.util.List;
import java.util.stream.IntStream;

/** Reads generation 3: the planes of entries, band by band. */
final class PlanesShardReader extends PageShardReader {
  private final PlanesSchema schema;

  PlanesShardReader(Footer footer) {
    this(footer, ShardHeader.of(footer));
  }

  private PlanesShardReader(Footer footer, ShardHeader header) {
    this(footer, header, new PlanesSchema(header));
  }

  private PlanesShardReader(Footer footer, ShardHeader header, PlanesSchema schema) {
    super(footer, header, schema.pages());
    this.schema = schema;
  }

  @Override
  protected IntStream own(Projection projection) {
    return schema.own(projection);
  }

  @Override
  protected void expect(FetchedPages fetched, int row, int[] kept, Projection projection) {
    for (Band band : schema.bands()) {
      if (band.first() < projection.maxEntries()) {
        PlaneValue.expect(fetched, band.idLow(), row, band.of(kept));
      }
    }
  }

  @Override
  protected void read(
      FetchedPages fetched,
      List<RowEntries> rows,
      int[] tokens,
      Entries entries,
      Projection projection) {
    EntryDecoder decoder = new EntryDecoder(schema, fetched, projection);
    rows.forEach(row -> decoder.read(row, entries));
  }
}
