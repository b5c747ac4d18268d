package dev.stillhouse.bench.loader;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.bench.ManifestOpening;
import dev.stillhouse.bench.Report;
import dev.stillhouse.cli.commands.Candidates;
import dev.stillhouse.cli.commands.DemoDataset;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.loader.StudentLoaderBuilder;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Topology;
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

/** {@code bench loader}: measures the student's side. */
@Command(
    name = "loader",
    description = {
      "How fast a student gets its batches from each layout, shuffled and not, on one core and",
      "all; what a resume takes; how long it waits over a far link, and how an epoch over an ocean",
      "(in virtual time) compares with local files and with copying first; what memory that takes."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse bench loader",
      "  stillhouse bench loader --quick --json",
      "  stillhouse bench loader --layouts planes --positions 4000000"
    })
public final class LoaderBench implements Callable<Integer> {
  private static final long[] SIZES = {1_000_000, 100_000_000, 10_000_000_000L};

  @Mixin private Terminal terminal = new Terminal();

  @Option(
      names = "--layouts",
      completionCandidates = Candidates.OfLayouts.class,
      split = ",",
      paramLabel = "NAME",
      description = "These alone (default: all generations).")
  private List<String> layouts = new ArrayList<>();

  @Option(
      names = "--positions",
      defaultValue = "1000000",
      paramLabel = "N",
      description = "Of each dataset; memory is measured at N/10, N and 10 N (default: 1,000,000).")
  private long positions = 1_000_000;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      paramLabel = "N",
      description = "Of each speed (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--quick",
      description = "A tenth of the positions, one round, a hundredth of the shards.")
  private boolean quick;

  @Override
  public Integer call() throws IOException {
    if (positions < 1 || rounds < 1) {
      throw UsageException.of("--positions %d --rounds %d: need 1 or more", positions, rounds);
    }
    List<String> names = layouts.isEmpty() ? Layouts.generations() : layouts;
    names.forEach(Layouts::named); // Unknown ones are told first.
    long size = quick ? Math.max(1, positions / 10) : positions;
    Path work = Files.createTempDirectory("stillhouse-bench-loader");
    List<Map<String, Object>> rows = new ArrayList<>();
    try {
      Path text = work.resolve("text");
      DemoDataset.extract(terminal, work, "minigpt", 512, "rows", text);
      try (Dataset source = Dataset.open(text.toString())) {
        for (String layout : names) {
          Path to = work.resolve(layout.replace(':', '-'));
          new LongRows(source, layout).write(size, to);
          rows.add(new LoaderSpeed(to, layout, quick ? 1 : rounds).measure());
        }
        String first = names.contains("planes") ? "planes" : names.get(0);
        Path measured = work.resolve(first.replace(':', '-'));
        Topology topology = Topology.bundled();
        rows.add(new LinkStall(measured, topology.link("iad", "lon")).measure("global"));
        for (long positions : new long[] {1, size, size * 8}) {
          rows.addAll(far(new LongRows(source, first), first, positions, work));
        }
        rows.addAll(memory(new LongRows(source, first), first, size, work));
        rows.addAll(orders(measured));
      }
      rows.add(ManifestOpening.measure(work.resolve("opening"), quick ? 10_000 : 1_000_000));
    } finally {
      MoreFiles.deleteRecursively(work, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    Report report = Report.of(rows);
    report.print(terminal);
    LoaderGoals.of(rows).forEach(goal -> terminal.say("%s", goal));
    return 0;
  }

  /**
   * Returns the memory of an epoch of a tenth of the positions, of all, and of ten times as many.
   */
  private static List<Map<String, Object>> memory(
      LongRows source, String layout, long size, Path work) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    double before = Double.NaN;
    for (long positions : new long[] {Math.max(1, size / 10), size, size * 10}) {
      Path to = work.resolve("memory");
      long written = source.write(positions, to).totals().positions();
      JsonNode told = LoaderMemory.of(to);
      MoreFiles.deleteRecursively(to, RecursiveDeleteOption.ALLOW_INSECURE);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", "memory of " + layout + ", " + written + " positions");
      row.put("residentMegabytes", told.get("residentMegabytes").asDouble());
      row.put("positionsPerSecond", told.get("positionsPerSecond").asDouble());
      if (positions > size) {
        row.put("residentOverTenthOfPositions", told.get("residentMegabytes").asDouble() / before);
      }
      before = told.get("residentMegabytes").asDouble();
      rows.add(row);
    }
    return rows;
  }

  /** Returns epochs over two oceans, in three orders, in virtual time. */
  private static List<Map<String, Object>> far(
      LongRows source, String layout, long positions, Path work) throws IOException {
    Path to = work.resolve("far");
    source.write(positions, to);
    List<Map<String, Object>> rows = new ArrayList<>();
    Topology topology = Topology.bundled();
    for (Link link : List.of(topology.link("iad", "lon"), topology.link("fra", "nrt"))) {
      for (String shuffle : List.of("none", "blocks:4", "global")) {
        rows.add(new FarLoader(to, layout).measure(link, shuffle, StudentLoaderBuilder.AHEAD));
      }
    }
    MoreFiles.deleteRecursively(to, RecursiveDeleteOption.ALLOW_INSECURE);
    return rows;
  }

  private static List<Map<String, Object>> orders(Path path) {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (Dataset dataset = Dataset.open(path.toString());
        StudentLoader loader = StudentLoader.open(dataset).batch(8).ahead(0).start()) {
      loader.next();
      Cursor like = loader.cursor();
      for (String shuffle : List.of("global", "blocks:16/512")) {
        for (long n : SIZES) {
          rows.add(new OrderCost().of(n, shuffle, like));
        }
      }
    }
    return rows;
  }
}
