package dev.stillhouse.storage.layout.adaptive;

import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.pages.Entries;
import dev.stillhouse.storage.layout.pages.PageShardReader;
import dev.stillhouse.storage.layout.pages.PlaneValue;
import dev.stillhouse.storage.layout.pages.RowEntries;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.PlainPage;
import java.util.List;
import java.util.stream.IntStream;

/** Reads generation 4: the bands of a projection. */
final class AdaptiveShardReader extends PageShardReader {
  private final AdaptiveSchema schema;
  private final Prior prior;
  private final LogProbQuantizer steps;

  AdaptiveShardReader(Footer footer, LogProbQuantizer steps) {
    this(footer, ShardHeader.of(footer), steps);
  }

  private AdaptiveShardReader(Footer footer, ShardHeader header, LogProbQuantizer steps) {
    this(footer, header, new AdaptiveSchema(header), steps);
  }

  private AdaptiveShardReader(
      Footer footer, ShardHeader header, AdaptiveSchema schema, LogProbQuantizer steps) {
    super(footer, header, schema.pages());
    this.schema = schema;
    this.steps = steps;
    this.prior =
        PriorBytes.read(footer.blob(), footer.metadata(AdaptiveSchema.PRIOR), header.vocabulary());
  }

  @Override
  protected IntStream own(Projection projection) {
    return schema.own(projection);
  }

  @Override
  protected void expect(FetchedPages fetched, int row, int[] kept, Projection projection) {
    for (Band band : schema.bands(projection)) {
      int length = PlaneValue.length(fetched, band.column(), row);
      if (band.of(kept) > (long) length * Band.MAX_PER_BYTE) {
        throw fetched.damaged(
            band.column(),
            row,
            band.of(kept) + " entries in " + length + " bytes, which cannot hold as many");
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
    try (BandReader reader = new BandReader(prior, steps)) {
      for (RowEntries row : rows) {
        int[] last = new int[row.kept().length];
        for (Band band : schema.bands(projection)) {
          PlainPage value =
              PlaneValue.open(fetched, 0, band.column(), row.row(), PlaneValue.MAX_BYTES);
          reader.read(
              value,
              band,
              row,
              last,
              tokens,
              entries,
              reason -> fetched.damaged(band.column(), row.row(), reason));
        }
      }
    }
  }
}
