package dev.stillhouse.tools.commands;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.storage.dataset.Damage;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ShardRecord;
import dev.stillhouse.storage.dataset.Verifier;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}: proves every byte of a dataset, and that statistics belong to their tokens. */
@Command(
    name = "verify",
    description = "Checks every byte and every position of a dataset.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  stillhouse verify my-dataset",
      "",
      "Bytes: length, sha256, the CRC32C of every page with its header, of the page index and of",
      "the footer. Values: tokens against their fingerprints and their token shard, each target's",
      "log-prob against the kept entry of the next token, order of entries, total mass.",
      "Exit code 1 if something is damaged."
    })
public final class VerifyCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or URI.")
  private String dataset = "";

  @Option(
      names = "--dataset-version",
      paramLabel = "N",
      description = "An older version (default: the newest).")
  private @Nullable Long version;

  /** What is told; the keys are promised to programs. */
  record Verified(boolean ok, long shards, List<Damage> damaged, int repaired) {}

  @Override
  public Integer call() {
    try (Dataset opened =
        version == null ? Dataset.open(dataset) : Dataset.open(dataset, version)) {
      Verified verified = verify(opened);
      verified.damaged().forEach(d -> terminal.say("%s in region %s", d.reason(), d.region()));
      terminal.say(
          verified.ok()
              ? "ok: every byte and every position of %,d shards is as it must be"
              : "DAMAGED: see above; %,d shards were checked",
          verified.shards());
      Closing.tell(terminal, dataset, opened);
      terminal.result(verified, opened.ledger());
      return verified.ok() ? 0 : 1;
    }
  }

  private Verified verify(Dataset opened) {
    Verifier verifier = new Verifier(opened.home(), opened.ledger(), opened.manifest());
    List<ShardRecord> shards = opened.manifest().shards();
    Meter meter = Meter.of(UUID.randomUUID().toString());
    try (JobListener.Stage stage =
        new Progress(terminal)
            .start("verifying", "positions", opened.manifest().totals().positions(), meter)) {
      List<Damage> damaged =
          shards.parallelStream()
              .flatMap(
                  shard -> {
                    meter.checkStop();
                    List<Damage> found = verifier.verify(shard);
                    meter.add(shard.totals().positions());
                    return found.stream();
                  })
              .toList();
      return new Verified(damaged.isEmpty(), shards.size(), damaged, 0);
    }
  }
}
