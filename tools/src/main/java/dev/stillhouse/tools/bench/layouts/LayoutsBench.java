package dev.stillhouse.tools.bench.layouts;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.Identity;
import dev.stillhouse.storage.dataset.Manifest;
import dev.stillhouse.storage.dataset.ShardRecord;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.Wanted;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.tools.bench.Report;
import dev.stillhouse.tools.commands.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench layouts}: a dataset's own statistics in every layout, and as others keep them. */
@Command(
    name = "layouts",
    description = {
      "Writes a dataset's statistics in every layout, and as others keep them, into",
      "temporary files: bytes, errors, speed, and what random reads take."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse bench layouts my-dataset",
      "  stillhouse bench layouts my-dataset --positions 262144 --json"
    })
public final class LayoutsBench implements Callable<Integer> {
  /** Bytes of memory that an entry takes: read, decoded, and in every store's file. */
  private static final int MEMORY_OF_ENTRY = 80;

  @Mixin private Terminal terminal = new Terminal();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or URI.")
  private String dataset = "";

  @Option(
      names = "--positions",
      defaultValue = "65536",
      paramLabel = "N",
      description = "Take the first N, in whole sequences (default: ${DEFAULT-VALUE}).")
  private long positions = 65_536;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      paramLabel = "S",
      description = "Each measurement goes on for S (default: ${DEFAULT-VALUE}).")
  private double seconds = 1;

  @Override
  public Integer call() throws IOException {
    if (positions < 1 || !(seconds >= 0 && seconds <= 3600)) {
      throw UsageException.of(
          "--positions %d --seconds %s: need 1 or more, and 0 to 3600", positions, seconds);
    }
    try (Dataset opened = Dataset.open(dataset)) {
      List<Map<String, Object>> rows = measure(opened);
      Report report = Report.of(rows);
      report.head(terminal);
      new LayoutsTable(terminal).print(rows);
      sayWhatWasRounded(opened.manifest().identity());
      terminal.result(report);
    }
    return 0;
  }

  private void sayWhatWasRounded(Identity identity) {
    Layout source = Layouts.named(identity.layout());
    if (!source.rounding().equals(Layout.EXACT) || identity.arithmetic().contains("+")) {
      terminal.say(
          "The dataset's log-probs are rounded already (layout %s, arithmetic %s): worst and KL are"
              + " what is added.",
          identity.layout(), identity.arithmetic());
    }
  }

  private List<Map<String, Object>> measure(Dataset opened) throws IOException {
    Manifest manifest = opened.manifest();
    long wanted = (positions + manifest.sequenceLength() - 1) / manifest.sequenceLength();
    long sequences = Math.min(manifest.sequences(), wanted);
    if (sequences == 0) {
      throw UsageException.of("%s has no sequences yet", dataset);
    }
    terminal.say(
        "%s: the first %,d of %,d sequences of %,d, %s of %,d, by %s",
        dataset,
        sequences,
        manifest.sequences(),
        manifest.sequenceLength(),
        opened.statistic(),
        manifest.vocabulary(),
        manifest.teacher());
    List<ShardRecord> shards =
        manifest.shards().stream().filter(shard -> shard.firstSequence() < sequences).toList();
    List<StoreFigures> stores = stores();
    StaticPrior prior = new StaticPrior(manifest.vocabulary());
    Path directory = Files.createTempDirectory("stillhouse-bench-layouts");
    try {
      for (ShardRecord shard : shards) {
        int count = (int) Math.min(shard.sequences(), sequences - shard.firstSequence());
        checkMemory(shard, count);
        StatisticsBatch source = opened.read(shard.firstSequence(), count, Wanted.ALL);
        prior.accept(source);
        new Trial(directory, header(manifest, source), source).run(stores, seconds / shards.size());
      }
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    stores.forEach(store -> rows.add(store.figures()));
    rows.add(figures(prior));
    rows.forEach(row -> row.put("statistic", opened.statistic().toString()));
    rows.forEach(row -> row.put("vocabulary", manifest.vocabulary()));
    rows.forEach(row -> row.put("sequenceLength", manifest.sequenceLength()));
    return rows;
  }

  private static List<StoreFigures> stores() {
    List<StoreFigures> stores = new ArrayList<>();
    Layouts.names().forEach(name -> stores.add(figures(new LayoutStore(Layouts.named(name)))));
    stores.add(figures(new MegatronStore()));
    stores.add(figures(new PlainParquetStore()));
    return stores;
  }

  private static StoreFigures figures(Store store) {
    return new StoreFigures(store);
  }

  private static Map<String, Object> figures(StaticPrior prior) {
    double positions = prior.positions();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "static prior");
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
    long most = Runtime.getRuntime().maxMemory();
    if (bytes > most) {
      throw UsageException.of(
          "%s: %d sequences of its shard at %d take about %.0f MB of memory, and %d MB are there;"
              + " ask for fewer --positions, or for more memory with STILLHOUSE_OPTS=-Xmx%.0fm",
          dataset, count, shard.firstSequence(), bytes / 1e6, most / 1_000_000, bytes * 1.2 / 1e6);
    }
  }

  private static ShardHeader header(Manifest manifest, StatisticsBatch source) {
    Identity identity = manifest.identity();
    return new ShardHeader(
        identity.layout(),
        identity.statistic(),
        identity.arithmetic(),
        identity.teacher(),
        identity.tokenizer(),
        manifest.vocabulary(),
        source.tokens().firstSequence(),
        source.tokens().sequences(),
        manifest.sequenceLength());
  }
}
