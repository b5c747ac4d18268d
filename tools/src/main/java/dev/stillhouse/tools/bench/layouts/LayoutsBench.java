package dev.stillhouse.tools.bench.layouts;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.tools.bench.Report;
import dev.stillhouse.tools.commands.DemoDataset;
import dev.stillhouse.tools.commands.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench layouts}: a dataset's own statistics in every layout, and as others keep them. */
@Command(
    name = "layouts",
    description = {
      "Writes a dataset's statistics in every layout, and as others keep them, into",
      "temporary files: bytes, errors, speed, and what reads take."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse bench layouts",
      "  stillhouse bench layouts my-dataset --positions 262144 --json",
      "  stillhouse bench layouts --teacher ngram --layouts planes,adaptive:bound=0.1",
      "  stillhouse bench layouts --report layouts.html --export layouts.npz",
      "  stillhouse bench layouts --generations storage/generations/README.md"
    })
public final class LayoutsBench implements Callable<Integer> {
  private static final int SHARD_SEQUENCES = 512; // What extract does, unless told otherwise.
  private static final ImmutableList<String> BOUNDS =
      ImmutableList.of("adaptive:bound=0.002", "adaptive:bound=0.05");

  @Mixin private Terminal terminal = new Terminal();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DATASET",
      description = "Path or URI (default: the demo's text, read by --teacher).")
  private @Nullable String dataset;

  @Option(
      names = "--teacher",
      paramLabel = "NAME",
      description = "Without DATASET: minigpt or ngram (default: minigpt).")
  private @Nullable String teacher;

  @Option(
      names = "--layouts",
      split = ",",
      paramLabel = "NAME",
      description =
          "These alone, as adaptive:bound=0.1 (default: all, adaptive with three bounds).")
  private List<String> layouts = new ArrayList<>();

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

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write what was found as an HTML page that needs nothing else.")
  private @Nullable Path report;

  @Override
  public Integer call() throws IOException {
    if (positions < 1 || !(seconds >= 0 && seconds <= 3600)) {
      throw UsageException.of(
          "--positions %d --seconds %s: need 1 or more, and 0 to 3600", positions, seconds);
    }
    if (dataset != null && teacher != null) {
      throw UsageException.of(
          "--teacher %s: the dataset %s has its own; leave one of the two out", teacher, dataset);
    }
    List<Store> stores = stores();
    Path work = Files.createTempDirectory("stillhouse-bench-data");
    try {
      List<Map<String, Object>> rows = new ArrayList<>();
      Measured measured =
          dataset != null
              ? measure(dataset, dataset, stores)
              : measure(work, teacher == null ? "minigpt" : teacher, stores);
      rows.addAll(measured.rows());
      Report told = Report.of(rows);
      if (report != null) {
        write(report, LayoutsPage.html(measured, told.machine()));
      }
      terminal.result(told);
    } finally {
      MoreFiles.deleteRecursively(work, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    return 0;
  }

  private void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    terminal.say("wrote %s", file);
  }

  /** Measures on what one of the demo's teachers says. */
  private Measured measure(Path work, String reads, List<Store> stores) throws IOException {
    Path to = work.resolve(reads);
    String exact = Layouts.generations().get(0);
    DemoDataset.extract(terminal, work, reads, SHARD_SEQUENCES, exact, to);
    return measure(to.toString(), "Moby-Dick's held-out part", stores);
  }

  private Measured measure(String path, String name, List<Store> stores) throws IOException {
    try (Dataset opened = Dataset.open(path)) {
      Measurement measurement = new Measurement(name, opened, positions);
      Sample sample = measurement.sample();
      Report.of(List.of()).head(terminal);
      terminal.say(
          "%s: %,d sequences of %,d, %s of %,d, by %s",
          sample.dataset(),
          sample.sequences(),
          sample.sequenceLength(),
          sample.statistic(),
          sample.vocabulary(),
          sample.teacher());
      Measured measured = measurement.run(stores, seconds);
      new LayoutsTable(terminal).print(measured.rows());
      Goals.of(measured).forEach(goal -> terminal.say("%s", goal));
      if (!sample.rounded().isEmpty()) {
        terminal.say("%s", sample.rounded());
      }
      return measured;
    }
  }

  private List<Store> stores() {
    List<String> names = layouts;
    if (names.isEmpty()) {
      names = new ArrayList<>(Layouts.generations());
      names.addAll(BOUNDS);
    }
    List<Store> stores = new ArrayList<>();
    for (String name : names) {
      stores.add(new LayoutStore(Layouts.named(name)));
    }
    long different = stores.stream().map(Store::name).distinct().count();
    if (different < stores.size()) {
      throw UsageException.of("--layouts %s: need each once", String.join(",", names));
    }
    stores.add(new MegatronStore());
    stores.add(new ArrowStore());
    stores.add(new PlainParquetStore());
    return stores;
  }
}
