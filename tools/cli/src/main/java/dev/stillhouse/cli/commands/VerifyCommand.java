package dev.stillhouse.cli.commands;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.dataset.verify.Behind;
import dev.stillhouse.storage.dataset.verify.Damage;
import dev.stillhouse.storage.dataset.verify.DatasetVerifier;
import dev.stillhouse.storage.dataset.verify.VerifiedPart;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.SideBySide;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}: proves every byte of a dataset, and that statistics belong to their tokens. */
@Command(
    name = "verify",
    description = "Checks every byte and position of a dataset in all its regions.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse verify my-dataset",
      "  stillhouse verify my-dataset --repair",
      "",
      "Bytes: length, sha256, the CRC32C of every page with its header, of the page index and of",
      "the footer. Values: tokens against their fingerprints and their token shard, each target's",
      "log-prob against the kept entry of the next token, order of entries, total mass.",
      "Records: each by its checksum, and by what follows from what. All regions are checked. A",
      "damaged or missing copy is repaired from a region with a right one, which proves itself by",
      "its sha256 or checksum; one that could not be read (unreachable, late, refused, busy) is",
      "left alone. A replica that lacks the newest versions is behind and not damaged: replicate",
      "brings it up. Exit code 1 if something is damaged and was not repaired, or not reached."
    })
public final class VerifyCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();
  @Mixin private PricingOptions pricing = new PricingOptions();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or s3://bucket/prefix.")
  private String dataset = "";

  @Option(
      names = "--dataset-version",
      paramLabel = "N",
      description = "An older version (default: the newest).")
  private @Nullable Long version;

  @Option(
      names = "--repair",
      description = "Put right copies from other regions in the place of damaged and missing ones.")
  private boolean repair;

  /** The result; its keys are promised to programs. */
  record Verified(
      boolean ok,
      long shards,
      List<Damage> damaged,
      int repaired,
      List<Behind> behind,
      List<Damage> unreached) {}

  @Override
  public Integer call() throws IOException {
    pricing.check();
    try (Dataset opened =
        version == null
            ? Dataset.open(dataset)
            : Dataset.open(dataset, ReadOptions.DEFAULT.version(version))) {
      pricing.price(opened.ledger(), opened.regionList().home());
      Verified verified = verify(opened);
      verified.damaged().forEach(d -> terminal.say("region %s: %s", d.region(), d.reason()));
      verified
          .unreached()
          .forEach(d -> terminal.say("region %s, %s: %s", d.region(), d.kind(), d.reason()));
      if (verified.repaired() > 0) {
        terminal.say("repaired: %,d of these", verified.repaired());
      }
      terminal.say("%s", outcome(verified, opened));
      verified.behind().forEach(behind -> terminal.say("%s", message(behind, opened)));
      terminal.say("%s", opened.ledger());
      terminal.result(verified, opened.ledger());
      return verified.ok() ? 0 : 1;
    }
  }

  private String outcome(Verified verified, Dataset opened) {
    if (verified.ok()) {
      return Terminal.text(
          "ok: every byte and every position of %,d shards is as it must be, in %s",
          verified.shards(),
          opened.regions().stream().map(BlobStore::region).collect(Collectors.joining(", ")));
    }
    List<String> told = new ArrayList<>();
    if (verified.damaged().size() > verified.repaired()) {
      told.add(
          Terminal.text("DAMAGED: see above; %,d shards were checked", verified.shards())
              + (repair || opened.regions().size() == 1
                  ? ""
                  : "; verify --repair mends what another region has right"));
    }
    if (!verified.unreached().isEmpty()) {
      told.add(
          Terminal.text(
              "NOT REACHED: %,d copies could not be read, so it is not known whether they are"
                  + " right; nothing was done to them",
              verified.unreached().size()));
    }
    return String.join("\n", told);
  }

  private String message(Behind behind, Dataset opened) {
    String store =
        opened.regionList().regions().stream()
            .filter(region -> region.name().equals(behind.region()))
            .map(ReplicaRecord::store)
            .findFirst()
            .orElse("PLACE");
    return Terminal.text(
        "region %s is behind, by version%s %s, which is no damage; stillhouse replicate %s --to %s"
            + " --region %s brings it up",
        behind.region(),
        behind.versions().size() == 1 ? "" : "s",
        behind.versions().stream().map(String::valueOf).collect(Collectors.joining(", ")),
        dataset,
        store,
        behind.region());
  }

  private Verified verify(Dataset opened) {
    DatasetVerifier verifier = new DatasetVerifier(opened);
    List<VerifiedPart> parts = verifier.parts();
    long shards = parts.stream().filter(part -> part.positions() > 0).count();
    Meter meter = new Meter();
    try (JobListener.Stage stage =
        new Progress(terminal)
            .start(
                "verifying",
                "positions",
                parts.stream().mapToLong(VerifiedPart::positions).sum(),
                meter)) {
      List<VerifiedPart.Result> results =
          SideBySide.map(
              parts,
              part -> {
                meter.checkStop();
                VerifiedPart.Result result = result(part);
                meter.add(part.positions());
                return result;
              });
      return message(results, shards, verifier.behind());
    }
  }

  private VerifiedPart.Result result(VerifiedPart part) {
    if (repair) {
      return part.repair();
    }
    List<Damage> damaged = part.verify();
    return new VerifiedPart.Result(damaged, damaged);
  }

  /** Returns the result. Damage that is left has the reason why it could not be repaired. */
  private static Verified message(
      List<VerifiedPart.Result> results, long shards, List<Behind> behind) {
    List<Damage> damaged = new ArrayList<>();
    List<Damage> unreached = new ArrayList<>();
    int found = 0;
    int left = 0;
    for (VerifiedPart.Result result : results) {
      Map<String, Damage> now = new LinkedHashMap<>();
      result.damaged().forEach(damage -> now.put(damage.region() + damage.blob(), damage));
      result.left().forEach(damage -> now.put(damage.region() + damage.blob(), damage));
      for (Damage damage : now.values()) {
        (damage.known() ? damaged : unreached).add(damage);
        found += damage.known() ? 1 : 0;
      }
      left += (int) result.left().stream().filter(Damage::known).count();
    }
    boolean ok = left == 0 && unreached.isEmpty();
    return new Verified(ok, shards, damaged, found - left, behind, unreached);
  }
}
