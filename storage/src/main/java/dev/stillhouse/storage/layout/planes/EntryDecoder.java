package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.pages.Entries;
import dev.stillhouse.storage.layout.pages.PlaneValue;
import dev.stillhouse.storage.layout.pages.RowEntries;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.PlainPage;

/** Decodes ids and log-probs of rows whose numbers of entries are known. */
record EntryDecoder(PlanesSchema schema, FetchedPages pages, Projection projection) {
  /** Reads the entries of a row. */
  void read(RowEntries at, Entries entries) {
    for (Band band : schema.bands()) {
      if (band.first() < projection.maxEntries()) {
        read(band, at, entries);
      }
    }
    new EscapeDecoder(pages, schema.escapes()).read(at, entries.logProbs());
  }

  private void read(Band band, RowEntries at, Entries entries) {
    long n = band.of(at.kept());
    PlainPage low = PlaneValue.exact(pages, 0, band.idLow(), at.row(), n);
    PlainPage high = PlaneValue.exact(pages, 1, band.idHigh(), at.row(), n);
    PlaneLoops.ids(band, at, low, high, entries.ids());
    if (schema.topBits() > 0) {
      long length = (n * schema.topBits() + 7) / Byte.SIZE;
      PlainPage top = PlaneValue.exact(pages, 0, band.idTop(), at.row(), length);
      PlaneLoops.tops(band, at, top, schema.topBits(), entries.ids());
    }
    high = PlaneValue.exact(pages, 1, band.logProbHigh(), at.row(), n);
    if (projection.coarse()) {
      PlaneLoops.coarse(band, at, high, entries.logProbs());
    } else {
      low = PlaneValue.exact(pages, 0, band.logProbLow(), at.row(), n);
      PlaneLoops.logProbs(band, at, low, high, entries.logProbs());
    }
  }
}
