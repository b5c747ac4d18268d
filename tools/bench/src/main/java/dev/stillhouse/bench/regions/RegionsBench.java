package dev.stillhouse.bench.regions;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.bench.Report;
import dev.stillhouse.cli.commands.Candidates;
import dev.stillhouse.cli.commands.DemoDataset;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.cli.output.WholeFile;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.migrate.MigrateJob;
import dev.stillhouse.pipeline.job.migrate.MigrateRequest;
import dev.stillhouse.pipeline.job.replicate.ReplicateJob;
import dev.stillhouse.pipeline.job.replicate.ReplicateRequest;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench regions}: measures the cost of reading from each region. */
@Command(
    name = "regions",
    description = {
      "Reads the demo's statistics from every region of the topology, with home in iad and a",
      "replica in fra: bytes, requests, dollars and the seconds of the topology's arithmetic; how",
      "far its requests are from the least that any could cost, scans in real time over injected",
      "links, and what checking every byte takes of a local read."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse bench regions --report regions.html",
      "  stillhouse bench regions --layouts planes --no-scan --json"
    })
public final class RegionsBench implements Callable<Integer> {
  private static final String HOME = "iad";
  private static final String REPLICA = "fra";
  private static final int SHARD_SEQUENCES = 16;
  private static final List<String> POLICIES = List.of("time", "dollars", "1");

  /** Bytes of a read: up to 16 shards' worth of memory, and what the far link needs. */
  private static final int[] SCANS = {8_000_000, 48_000_000, 160_000_000};

  @Mixin private Terminal terminal = new Terminal();

  @Option(
      names = "--layouts",
      completionCandidates = Candidates.OfLayouts.class,
      split = ",",
      paramLabel = "NAME",
      description = "These alone (default: all generations).")
  private List<String> layouts = new ArrayList<>();

  @Option(names = "--no-scan", description = "Leave the scans in real time out (a minute).")
  private boolean noScan;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write what was found as an HTML page that needs nothing else.")
  private @Nullable Path report;

  @Override
  public Integer call() throws IOException {
    List<String> names = layouts.isEmpty() ? Layouts.generations() : layouts;
    names.forEach(Layouts::named); // Unknown ones are told first.
    if (report != null) {
      WholeFile.check("--report", report);
    }
    Topology topology = Topology.bundled();
    Path work = Files.createTempDirectory("stillhouse-bench-regions");
    List<Map<String, Object>> rows = new ArrayList<>();
    List<Map<String, Object>> checks = new ArrayList<>();
    try {
      Path first = work.resolve("rows");
      DemoDataset.extract(terminal, work, "minigpt", SHARD_SEQUENCES, "rows", first);
      for (String layout : names) {
        Path dataset = layout.equals("rows") ? first : work.resolve("as-" + rows.size());
        if (!layout.equals("rows")) {
          MigrateJob.run(
              new MigrateRequest(
                  first.toString(), OptionalLong.empty(), layout, dataset.toString(), List.of()),
              JobListener.NONE);
        }
        ReplicateJob.run(
            new ReplicateRequest(dataset.toString(), dataset + "-copy", REPLICA, List.of()),
            JobListener.NONE);
        measure(dataset.toString(), layout, topology, rows);
        checks.add(VerificationShare.of(dataset.toString(), layout));
      }
    } finally {
      MoreFiles.deleteRecursively(work, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    RegionsTable.print(terminal, rows);
    List<Map<String, Object>> scans = noScan ? List.of() : scans(topology);
    List<Map<String, Object>> plans = PlanCosts.all(topology, POLICIES);
    RegionsTable.printScans(terminal, scans);
    RegionsTable.printPlans(terminal, plans);
    RegionsTable.printChecks(terminal, checks);
    rows.addAll(scans);
    rows.addAll(plans);
    rows.addAll(checks);
    Report all = Report.of(rows);
    if (report != null) {
      WholeFile.write(report, RegionsPage.html(rows, all.machine()));
      terminal.say("wrote %s", report);
    }
    terminal.result(all);
    return 0;
  }

  private static void measure(
      String dataset, String layout, Topology topology, List<Map<String, Object>> rows) {
    for (String from : topology.regions()) {
      Readings readings = new Readings(dataset, topology, HOME, from);
      List<Map<String, Object>> some = new ArrayList<>();
      POLICIES.forEach(policy -> some.add(readings.of(policy)));
      some.addAll(readings.others());
      some.forEach(row -> row.put("layout", layout));
      rows.addAll(some);
    }
  }

  private static List<Map<String, Object>> scans(Topology topology) {
    List<Map<String, Object>> rows = new ArrayList<>();
    LinkScan scan = new LinkScan(topology);
    for (int bytes : SCANS) {
      rows.add(scan.of("iad", "lon", bytes)); // 75 ms
      rows.add(scan.of("nrt", "fra", bytes)); // 233 ms
    }
    return rows;
  }
}
