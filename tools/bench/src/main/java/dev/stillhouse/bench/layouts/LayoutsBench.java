package dev.stillhouse.bench.layouts;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.bench.Report;
import dev.stillhouse.cli.commands.Candidates;
import dev.stillhouse.cli.commands.DemoDataset;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.cli.output.WholeFile;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Layouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code bench layouts}: measures a dataset's own statistics in every layout, and in other formats.
 */
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
      "  stillhouse bench layouts --generations docs/design/generations/README.md"
    })
public final class LayoutsBench implements Callable<Integer> {
  private static final int SHARD_SEQUENCES = 512; // What extract does, unless told otherwise.
  private static final String MINIGPT = "minigpt";
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
      completionCandidates = Candidates.OfTeachers.class,
      paramLabel = "NAME",
      description = "Without DATASET: minigpt or ngram (default: minigpt).")
  private @Nullable String teacher;

  @Option(
      names = "--layouts",
      completionCandidates = Candidates.OfLayouts.class,
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

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description = "Write figures and arrays for Python (.npz).")
  private @Nullable Path export;

  @Option(
      names = "--generations",
      paramLabel = "FILE",
      description =
          "Read both teachers, put the table of all layouts into this page, and draw"
              + " generations.svg beside it.")
  private @Nullable Path generations;

  @Override
  public Integer call() throws IOException {
    check();
    Path work = Files.createTempDirectory("stillhouse-bench-data");
    try {
      List<Map<String, Object>> rows = new ArrayList<>();
      List<Store> stores = stores();
      if (generations != null) {
        String page = Files.readString(generations);
        GenerationsTable.replace(generations.toString(), page, ""); // Before the work is done.
        Measured neural = measure(work, MINIGPT, stores, seconds, export);
        // The table has only bytes of the n-gram's.
        Measured ngram = measure(work, "ngram", stores, 0, null);
        rows.addAll(neural.rows());
        rows.addAll(ngram.rows());
        String table = GenerationsTable.markdown(neural, ngram, Report.of(rows).machine());
        String written = GenerationsTable.replace(generations.toString(), page, table);
        write(generations, written);
        write(
            generations.resolveSibling(GenerationsPicture.NAME), GenerationsPicture.draw(written));
        write(neural);
      } else {
        Measured measured =
            dataset != null
                ? measure(dataset, dataset, stores, seconds, export)
                : measure(work, teacher == null ? MINIGPT : teacher, stores, seconds, export);
        rows.addAll(measured.rows());
        write(measured);
      }
      terminal.result(Report.of(rows));
    } finally {
      MoreFiles.deleteRecursively(work, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    return 0;
  }

  private void check() {
    if (positions < 1 || !(seconds >= 0 && seconds <= 3600)) {
      throw UsageException.of(
          "--positions %d --seconds %s: need 1 or more, and 0 to 3600", positions, seconds);
    }
    if (dataset != null && teacher != null) {
      throw UsageException.of(
          "--teacher %s: the dataset %s has its own; leave one of the two out", teacher, dataset);
    }
    if (generations != null && (dataset != null || teacher != null || !layouts.isEmpty())) {
      throw UsageException.of(
          "--generations %s takes all layouts and both of the demo's teachers: leave out DATASET,"
              + " --teacher and --layouts",
          generations);
    }
    for (Path file : Arrays.asList(report, export, generations)) {
      if (file != null && (Files.isDirectory(file) || !Files.isDirectory(parent(file)))) {
        throw UsageException.of("%s: need a file in a directory that is there", file);
      }
    }
    if (generations != null && !Files.isRegularFile(generations)) {
      throw UsageException.of("%s: there is no such page", generations);
    }
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  private void write(Measured measured) throws IOException {
    if (report != null) {
      write(report, LayoutsPage.html(measured, Report.of(measured.rows()).machine()));
    }
  }

  private void write(Path file, String text) throws IOException {
    WholeFile.write(file, text);
    terminal.say("wrote %s", file);
  }

  /** Measures on the statistics of one of the demo's teachers. */
  private Measured measure(
      Path work, String reads, List<Store> stores, double each, @Nullable Path arrays)
      throws IOException {
    Path to = work.resolve(reads);
    String exact = Layouts.generations().get(0);
    DemoDataset.extract(terminal, work, reads, SHARD_SEQUENCES, exact, to);
    return measure(to.toString(), "Moby-Dick's held-out part", stores, each, arrays);
  }

  private Measured measure(
      String path, String name, List<Store> stores, double each, @Nullable Path arrays)
      throws IOException {
    try (Dataset opened = Dataset.open(path)) {
      Measurement measurement = new Measurement(name, opened, positions);
      MeasuredDataset sample = measurement.sample();
      Report.of(List.of()).head(terminal);
      terminal.say(
          "%s: %,d sequences of %,d, %s of %,d, by %s",
          sample.dataset(),
          sample.sequences(),
          sample.sequenceLength(),
          sample.statistic(),
          sample.vocabulary(),
          sample.teacher());
      Measured measured = measurement.run(stores, each);
      new LayoutsTable(terminal).print(measured.rows());
      Goals.of(measured).forEach(goal -> terminal.say("%s", goal));
      if (!sample.rounded().isEmpty()) {
        terminal.say("%s", sample.rounded());
      }
      if (arrays != null) {
        new Export(opened, measured, stores).write(arrays);
        terminal.say("wrote %s", arrays);
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
    stores.add(new NativeStore(new VortexFormat()));
    stores.add(new NativeStore(new LanceFormat()));
    stores.add(new PlainParquetStore());
    return stores;
  }
}
