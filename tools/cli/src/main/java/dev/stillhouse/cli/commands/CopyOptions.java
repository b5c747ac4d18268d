package dev.stillhouse.cli.commands;

import dev.stillhouse.pipeline.job.Transfer;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.TopologyFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command copies between regions: options that commands share. */
final class CopyOptions {
  @Option(
      names = "--home",
      paramLabel = "REGION",
      description =
          "Where the dataset's home is, as in iad; "
              + "the dataset keeps it (default: as it says).")
  private String home = "";

  @Option(
      names = "--policy",
      completionCandidates = Candidates.OfPolicies.class,
      paramLabel = "P",
      description =
          "What decides which region is copied from: time, "
              + "dollars, or the dollars an hour is worth "
              + "(default: ${DEFAULT-VALUE}).",
      defaultValue = "time")
  private String policy = "time";

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "Regions, distances and prices (default: five of AWS, as published).")
  private @Nullable Path topology;

  @Option(
      names = "--megabytes-per-second",
      paramLabel = "X",
      description = "Copy no faster, all threads together (default: no limit).")
  private @Nullable Double rate;

  /** Returns the region of home; "" if the options do not name it. */
  String home() {
    return home;
  }

  /** Returns the transfer that the options describe. */
  Transfer transfer() throws IOException {
    if (rate != null && !(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw UsageException.of("--megabytes-per-second %s: need a number above 0", rate);
    }
    return new Transfer(
        TopologyFile.read(topology),
        CostPolicy.parse(policy),
        rate == null ? Double.POSITIVE_INFINITY : rate);
  }
}
