package dev.stillhouse.bench.layouts;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.manifest.Identity;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures stores on the first sequences of a dataset, shard by shard. */
final class Measurement {
  /** Bytes of memory that an entry takes: read, decoded, and in every store's file. */
  private static final int MEMORY_OF_ENTRY = 80;

  private final String name;
  private final Dataset dataset;
  private final Manifest manifest;
  private final long sequences;

  /**
   * Creates a measurement.
   *
   * @param name of the dataset, for people
   * @param positions to take, in whole sequences
   */
  Measurement(String name, Dataset dataset, long positions) {
    this.name = name;
    this.dataset = dataset;
    manifest = dataset.manifest();
    long wanted = (positions + manifest.sequenceLength() - 1) / manifest.sequenceLength();
    sequences = Math.min(manifest.sequences(), wanted);
    if (sequences == 0) {
      throw UsageException.of("%s has no sequences yet", name);
    }
  }

  MeasuredDataset sample() {
    Identity identity = manifest.identity();
    Layout source = Layouts.named(identity.layout());
    boolean exact = source.rounding().equals(Layout.EXACT) && !identity.arithmetic().contains("+");
    return new MeasuredDataset(
        name,
        manifest.teacher(),
        dataset.statistic().toString(),
        manifest.vocabulary(),
        sequences,
        manifest.sequenceLength(),
        exact
            ? ""
            : "The dataset's log-probs are rounded already (layout "
                + identity.layout()
                + ", arithmetic "
                + identity.arithmetic()
                + "): worst and KL are what is added.");
  }

  /**
   * Measures.
   *
   * @param seconds duration of each measurement of a store, over all shards
   */
  Measured run(List<Store> stores, double seconds) throws IOException {
    List<ShardRecord> shards =
        manifest.shards().stream().filter(shard -> shard.firstSequence() < sequences).toList();
    List<StoreFigures> figures = stores.stream().map(StoreFigures::new).toList();
    StaticPrior prior = new StaticPrior(manifest.vocabulary());
    Path directory = Files.createTempDirectory("stillhouse-bench-layouts");
    try {
      for (ShardRecord shard : shards) {
        int count = (int) Math.min(shard.sequences(), sequences - shard.firstSequence());
        checkMemory(shard, count);
        StatisticsBatch source = dataset.read(shard.firstSequence(), count, Projection.ALL);
        prior.accept(source);
        new Trial(directory, header(manifest, source), source)
            .run(figures, seconds / shards.size());
      }
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    figures.forEach(store -> rows.add(store.figures()));
    rows.add(figures(prior));
    MeasuredDataset sample = sample();
    for (Map<String, Object> row : rows) {
      row.put("teacher", sample.teacher());
      row.put("statistic", sample.statistic());
      row.put("vocabulary", sample.vocabulary());
      row.put("sequenceLength", sample.sequenceLength());
    }
    return new Measured(sample, rows);
  }

  private static Map<String, Object> figures(StaticPrior prior) {
    double positions = prior.positions();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", StaticPrior.NAME);
    row.put("kind", "estimate");
    row.put("positions", prior.positions());
    row.put("idBytesPerPosition", prior.idBytes() / positions);
    row.put("logProbBytesPerPosition", prior.logProbBytes() / positions);
    row.put("entryBytesPerPosition", (prior.idBytes() + prior.logProbBytes()) / positions);
    row.put("largestErrorNats", StaticPrior.STEP / 2);
    return row;
  }

  private void checkMemory(ShardRecord shard, int count) {
    double share = (double) count / shard.sequences();
    double bytes = share * shard.totals().entries() * MEMORY_OF_ENTRY;
    long max = Runtime.getRuntime().maxMemory();
    if (bytes > max) {
      throw UsageException.of(
          "%s: %d sequences of its shard at %d take about %.0f MB of memory, and %d MB are there;"
              + " ask for fewer --positions, or for more memory with STILLHOUSE_OPTS=-Xmx%.0fm",
          name, count, shard.firstSequence(), bytes / 1e6, max / 1_000_000, bytes * 1.2 / 1e6);
    }
  }

  /** Returns the header of a shard of these sequences, in the dataset's own layout. */
  static ShardHeader header(Manifest manifest, StatisticsBatch source) {
    return manifest
        .identity()
        .header(
            manifest.vocabulary(),
            manifest.sequenceLength(),
            source.tokens().firstSequence(),
            source.tokens().sequences());
  }
}
