package dev.stillhouse.storage.layout.planes;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.Wanted;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.PlainPage;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticSpec;

/** Decodes entries, when it is known how many there are. */
final class EntryDecoder {
  private final ShardHeader header;
  private final PlanesSchema schema;
  private final FetchedPages pages;
  private final int firstRow;
  private final Wanted wanted;
  private final int[][] kept;

  /** What comes out. */
  @SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
  record Entries(int[] offsets, int[] ids, float[] logProbs, Provenance provenance) {}

  EntryDecoder(
      ShardHeader header,
      PlanesSchema schema,
      FetchedPages pages,
      int firstRow,
      Wanted wanted,
      int[][] kept) {
    this.header = header;
    this.schema = schema;
    this.pages = pages;
    this.firstRow = firstRow;
    this.wanted = wanted;
    this.kept = kept;
  }

  /** Reads the entries of all rows. */
  Entries read() {
    int length = header.sequenceLength();
    int[] offsets = new int[kept.length * length + 1];
    long total = 0;
    for (int row = 0; row < kept.length; row++) {
      for (int i = 0; i < length; i++) {
        total += Math.min(kept[row][i], wanted.mostEntries());
        if (total > Ints.MAX_POWER_OF_TWO) {
          throw pages.damaged(
              schema.kept(), firstRow + row, total + " entries at once; read fewer rows");
        }
        offsets[row * length + i + 1] = (int) total;
      }
      for (Band band : schema.bands()) {
        if (PlanesSchema.entries(wanted) && band.first() < wanted.mostEntries()) {
          PlaneValue.expect(pages, band.idLow(), firstRow + row, band.of(kept[row]));
        }
      }
    }
    Entries entries =
        new Entries(offsets, new int[(int) total], new float[(int) total], room((int) total));
    for (int row = 0; row < kept.length && PlanesSchema.entries(wanted); row++) {
      KeptRow at =
          new KeptRow(kept[row], wanted.mostEntries(), offsets, row * length, firstRow + row);
      for (Band band : schema.bands()) {
        if (band.first() < wanted.mostEntries()) {
          read(band, at, entries);
        }
      }
      new EscapeDecoder(pages, schema.escapes()).read(at, entries.logProbs());
      new ProvenanceDecoder(pages, schema).read(at, entries.provenance());
    }
    return entries;
  }

  /** A column that is there has an element: an array of none means that there is no column. */
  private Provenance room(int entries) {
    StatisticSpec spec = header.spec();
    return wanted.has(EntryColumn.REASONS)
        ? Provenance.room(spec, Math.max(1, entries))
        : Provenance.NONE;
  }

  private void read(Band band, KeptRow at, Entries entries) {
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
    if (wanted.coarse()) {
      PlaneLoops.coarse(band, at, high, entries.logProbs());
    } else {
      low = PlaneValue.exact(pages, 0, band.logProbLow(), at.row(), n);
      PlaneLoops.logProbs(band, at, low, high, entries.logProbs());
    }
  }
}
