package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Measures variants of the same statistics. */
final class Variants {
  private final Path file;
  private final ShardHeader header;
  private final StatisticsBatch source;
  private final boolean fixed;
  private final StatisticsBatch cut;
  private final StatisticsBatch ids;

  /**
   * Creates variants of a shard.
   *
   * @param file temporary, which does not exist
   */
  Variants(Path file, ShardHeader header, StatisticsBatch source) {
    this.file = file;
    this.header = header;
    this.source = source;
    fixed = TailCut.fits(header.statistic());
    cut = fixed ? TailCut.cut(source) : source;
    ids = withoutLogProbs();
  }

  /**
   * Adds to a store's figures: cut to the tail, if k is fixed; and, if ids lie together with
   * log-probs, with constant log-probs, so that what is left are ids.
   *
   * @param parts of the shard as it is
   */
  void tell(StoreFigures figures, Map<Part, Long> parts) throws IOException {
    if (parts.getOrDefault(Part.ENTRIES, 0L) > 0) {
      figures.idsAlone(size(figures.store(), header, ids));
    }
    if (fixed) {
      figures.tail(cut.entries(), size(figures.store(), TailCut.header(header), cut));
    }
  }

  private StatisticsBatch withoutLogProbs() {
    return source.withEntries(
        source.offsets(), source.ids(), new float[source.entries()], source.provenance());
  }

  private Map<Part, Long> size(Store store, ShardHeader of, StatisticsBatch batch)
      throws IOException {
    store.write(file, of, batch);
    Map<Part, Long> parts = store.open(of, Files.readAllBytes(file)).parts();
    Files.delete(file);
    return parts;
  }
}
