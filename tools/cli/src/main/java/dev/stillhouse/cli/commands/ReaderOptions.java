package dev.stillhouse.cli.commands;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReaderSettings;
import dev.stillhouse.storage.topology.Link;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The location from which a command reads, and how: options that commands share. */
final class ReaderOptions {
  @Option(
      names = "--from",
      paramLabel = "REGION",
      description = "Where the reader is, as in nrt: replicas are chosen by distance and price.")
  private @Nullable String from;

  @Option(
      names = "--home",
      paramLabel = "REGION",
      description = "Where the dataset's home is (default: as it says, or iad).")
  private String home = "";

  @Option(
      names = "--policy",
      completionCandidates = Candidates.OfPolicies.class,
      paramLabel = "P",
      description = "time, dollars, or the dollars an hour of waiting is worth (default: time).",
      defaultValue = "time")
  private String policy = "time";

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "Regions, distances and prices (default: five of AWS, as published).")
  private @Nullable Path topology;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Requests that a read keeps under way (default: ${DEFAULT-VALUE}).",
      defaultValue = "16")
  private int inFlight = Link.IN_FLIGHT;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Keep what was fetched in DIR; processes may share it.")
  private @Nullable Path cache;

  @Option(
      names = "--cache-megabytes",
      paramLabel = "MB",
      description = "Max size of DIR, in MB (default: ${DEFAULT-VALUE}).",
      defaultValue = "10000")
  private long cacheMegabytes = 10_000;

  /** Returns the context that the options describe. */
  ReadContext context() throws IOException {
    if (inFlight < 1 || inFlight > 1024 || cacheMegabytes < 1 || cacheMegabytes > 1L << 40) {
      throw UsageException.of(
          "--in-flight %d --cache-megabytes %d: need 1 to 1024, and 1 or more",
          inFlight, cacheMegabytes);
    }
    if (from == null && (topology != null || !policy.equals("time"))) {
      throw new UsageException("--policy and --topology need --from: where does the reader sit?");
    }
    return new ReaderSettings(
            from == null ? "" : from,
            home,
            policy,
            topology == null ? "" : topology.toString(),
            inFlight,
            cache == null ? "" : cache.toString(),
            cacheMegabytes * 1_000_000)
        .context();
  }
}
