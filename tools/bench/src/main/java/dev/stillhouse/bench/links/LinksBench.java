package dev.stillhouse.bench.links;

import dev.stillhouse.bench.Report;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Topology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench links}: measures hedged reads and the choice of replicas over emulated links. */
@Command(
    name = "links",
    description = {
      "How much sooner late reads come when a second replica is asked, what that costs, and how",
      "well replicas are chosen while links drift. Links are emulated in virtual time, and the",
      "emulator is compared with real sleeps and sockets."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  stillhouse bench links", "  stillhouse bench links --quick --json"})
public final class LinksBench implements Callable<Integer> {
  private static final double[] STEPS = {0.03, 0.1, 0.3};
  private static final int[] READ_BYTES = {256_000, 4_000_000};

  /** Requests that are compared with real ones. */
  private static final int REQUESTS = 96;

  /** Rates of a machine, bytes a second: one that requests reach, and one that they do not. */
  private static final double FULL = 60e6;

  private static final double FREE = 618e6;

  @Mixin private Terminal terminal = new Terminal();

  @Option(
      names = "--reads",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Of each percentile (default: ${DEFAULT-VALUE}).")
  private int reads = 100_000;

  @Option(
      names = "--traces",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Of drifting links (default: ${DEFAULT-VALUE}).")
  private int traces = 1_000;

  @Option(names = "--quick", description = "A tenth of the reads and of the traces.")
  private boolean quick;

  @Override
  public Integer call() throws IOException {
    if (reads < 1_000 || traces < 1) {
      throw UsageException.of(
          "--reads %d --traces %d: need 1000 or more, and 1 or more", reads, traces);
    }
    Topology topology = Topology.bundled();
    List<Map<String, Object>> rows = new ArrayList<>();
    HedgeCosts costs = new HedgeCosts(topology, quick ? Math.max(1_000, reads / 10) : reads);
    rows.addAll(costs.stragglers());
    rows.addAll(costs.allSlow());
    rows.addAll(costs.outages());
    rows.addAll(choices(topology, quick ? Math.max(1, traces / 10) : traces));
    rows.addAll(checks(topology));
    Report report = Report.of(rows);
    report.print(terminal);
    LinksGoals.of(rows).forEach(goal -> terminal.say("%s", goal));
    return 0;
  }

  private static List<Map<String, Object>> choices(Topology topology, int traces) {
    List<Link> links =
        List.of(
            topology.link("nrt", "iad"), topology.link("nrt", "fra"), topology.link("nrt", "lon"));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (double step : STEPS) {
      for (int bytes : READ_BYTES) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", "choice, drift " + step + ", reads of " + bytes + " bytes");
        row.put("traces", traces);
        row.put("regret", new ReplicaChoice(links, step, bytes).regret(traces));
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<Map<String, Object>> checks(Topology topology) throws IOException {
    // First bytes vary, or requests of a full link would go in step, which real ones soon do not.
    LinkFaults varied = LinkFaults.seed(3).withSpread(LinkFaults.TYPICAL_SPREAD);
    Link near = topology.link("lon", "iad");
    Link far = topology.link("fra", "nrt");
    List<Map<String, Object>> rows = new ArrayList<>();
    Map<String, Object> unusedFirst = check(near, FREE, varied, 8, "while code is compiled");
    rows.add(check(near, FULL, varied, 8, "75 ms, a full link"));
    rows.add(check(far, FREE, varied, 16, "233 ms"));
    rows.add(check(near, FREE, varied.withStragglers(0.05, 8, 10), 8, "75 ms, stragglers"));
    return rows;
  }

  private static Map<String, Object> check(
      Link link, double machine, LinkFaults faults, int inFlight, String name) throws IOException {
    Link shared =
        new Link(
            link.reader(),
            link.store(),
            link.roundTripSeconds(),
            link.firstByteSeconds(),
            link.bytesPerSecond(),
            machine,
            link.dollarsPerByte(),
            link.dollarsPerRequest());
    return new LoopbackCheck(shared, faults, REQUESTS, inFlight).measure(name);
  }
}
