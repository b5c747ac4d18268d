package dev.stillhouse.tools.bench;

import dev.stillhouse.pipeline.extract.Extractor;
import dev.stillhouse.pipeline.extract.Extractors;
import dev.stillhouse.pipeline.extract.PlainExtractor;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.tools.commands.Terminal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench extract}: the kernel beside a mere read of the same memory. Not by JMH: what is
 * compared takes turns over a gigabyte in one process, a round is tenths of a second, and a fork
 * for each side would measure the machine's mood twice.
 */
@Command(
    name = "extract",
    description = "The kernel's speed as a share of the speed at which memory can be read.",
    mixinStandardHelpOptions = true)
final class ExtractBench implements Callable<Integer> {
  /** Below this share the vector loops were not compiled as they should: silent, and 5x. */
  private static final double CANARY = 0.1;

  /** Rows that the slow ones read, which take up to 2 ms each. */
  private static final int SLOW_ROWS = 100;

  @Mixin private Terminal terminal = new Terminal();

  @Option(
      names = "--vocabulary",
      arity = "1..*",
      paramLabel = "V",
      description = "Ids in a row (default: 151936 and 50257).")
  private List<Integer> vocabularies = List.of(151_936, 50_257);

  @Option(names = "--k", defaultValue = "64", description = "Entries (default: ${DEFAULT-VALUE}).")
  private int k = 64;

  @Option(
      names = "--megabytes",
      defaultValue = "1100",
      description = "Of logits; far more than the caches hold (default: ${DEFAULT-VALUE}).")
  private int megabytes = 1100;

  @Option(names = "--rounds", defaultValue = "9")
  private int rounds = 9;

  @Override
  public Integer call() throws IOException {
    for (int vocabulary : vocabularies) {
      long count = vocabulary < 1 ? 0 : megabytes * 1_000_000L / 4 / vocabulary;
      if (k < 1 || k > vocabulary || rounds < 1 || megabytes > 8000 || count < 1) {
        throw UsageException.of(
            "need 1 <= --k <= --vocabulary, --rounds >= 1 and room for a row in --megabytes (at"
                + " most 8000), but got %d, %d, %d, %d",
            k, vocabulary, rounds, megabytes);
      }
    }
    int cores = Runtime.getRuntime().availableProcessors();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int vocabulary : vocabularies) {
      LogitRows logits = new LogitRows(vocabulary, megabytes);
      rows.add(measure(logits, 1));
      if (cores > 1) {
        rows.add(measure(logits, cores));
      }
      rows.add(slow("plain twin", logits, () -> Extractors.plainTwin(vocabulary, k)));
      rows.add(slow("definition", logits, () -> new PlainExtractor(vocabulary, k)));
    }
    Report.of(rows).print(terminal);
    return 0;
  }

  private Map<String, Object> measure(LogitRows logits, int threads) {
    Supplier<Extractor> kernel = () -> Extractors.create(logits.vocabulary(), k);
    Turns turns =
        Turns.of(
            rounds,
            () -> logits.sum(threads),
            () -> logits.extract(kernel, k, threads, logits.count()));
    String name = Extractors.vector() ? "vector kernel" : "plain twin, no vector module";
    Map<String, Object> row = row(name, logits, threads, logits.count() / turns.second());
    row.put("bandwidthGigabytesPerSecond", logits.bytes() / turns.first() / 1e9);
    row.put("shareOfBandwidth", 1 / turns.ratio());
    if (Extractors.vector() && 1 / turns.ratio() < CANARY) {
      row.put("warning", "far below what it should be: its loops were not compiled into vectors");
    }
    return row;
  }

  private Map<String, Object> slow(String name, LogitRows logits, Supplier<Extractor> made) {
    int count = Math.min(SLOW_ROWS, logits.count());
    Runnable few = () -> logits.extract(made, k, 1, count);
    Turns turns = Turns.of(1, few, few);
    return row(name, logits, 1, count / Math.min(turns.first(), turns.second()));
  }

  private Map<String, Object> row(String name, LogitRows logits, int threads, double perSecond) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("vocabulary", logits.vocabulary());
    row.put("k", k);
    row.put("threads", threads);
    row.put("dtype", "float32");
    row.put("positionsPerSecond", perSecond);
    row.put("gigabytesPerSecond", perSecond * logits.vocabulary() * Float.BYTES / 1e9);
    return row;
  }
}
