package dev.stillhouse.cli.commands;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReaderLocation;
import dev.stillhouse.storage.topology.Topology;
import dev.stillhouse.storage.topology.TopologyFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The location from which a command's requests are priced: options of commands that read every
 * region anyway.
 */
final class PricingOptions {
  @Option(
      names = "--from",
      paramLabel = "REGION",
      description = "Where this runs, as in iad. Shows dollars.")
  private @Nullable String from;

  @Option(
      names = "--home",
      paramLabel = "REGION",
      description = "Where the dataset's home is (default: as it says, or iad).")
  private String home = "";

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "Regions, distances and prices (default: five of AWS, as published).")
  private @Nullable Path topology;

  /** Checks the options before any work is done. */
  void check() throws IOException {
    if (from == null) {
      if (topology != null || !home.isEmpty()) {
        throw new UsageException("--home and --topology need --from: where does this run?");
      }
      return;
    }
    TopologyFile.read(topology).link(from, home.isEmpty() ? from : home);
  }

  /**
   * Prices all bookings, past and future.
   *
   * @param homeRegion home's region in the dataset's replica list, or ""
   */
  void price(Ledger ledger, String homeRegion) throws IOException {
    if (from != null) {
      Topology known = TopologyFile.read(topology);
      ledger.pricedFrom(new ReaderLocation(known, from, home, false).homeIn(homeRegion));
    }
  }
}
