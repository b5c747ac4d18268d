package dev.stillhouse.cli.commands;

import com.google.common.base.Splitter;
import dev.stillhouse.pipeline.job.replicate.ReplicateJob;
import dev.stillhouse.pipeline.job.replicate.ReplicateRequest;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.manifest.ReplicaLog;
import dev.stillhouse.storage.replica.BookedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code replicate}: adds a replica to a dataset. */
@Command(
    name = "replicate",
    description = "Copies a dataset to another place, which then serves reads too.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse replicate my-dataset --to /mnt/far/my-copy",
      "  stillhouse replicate my-dataset --rename my-copy=fra",
      "  stillhouse replicate my-dataset --to s3://my-bucket/my-copy --region far",
      "  stillhouse replicate my-dataset --to /mnt/nrt/copy --region nrt --home iad \\",
      "      --policy dollars --megabytes-per-second 50",
      "",
      "The copy is a dataset that opens on its own, with the same digest; the dataset reads from",
      "it what its own place lacks. Stopped at any moment and run again, it goes on where it was;",
      "run again when the dataset has grown, it copies what is new. Each blob comes from the region",
      "that costs least by --policy, where the topology knows home and the regions' names, is",
      "checked by its sha256 on the way, and read back.",
      "Other options go to Beam, as in --targetParallelism=4."
    })
public final class ReplicateCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();
  @Mixin private CopyOptions copying = new CopyOptions();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or s3://bucket/prefix.")
  private String dataset = "";

  @Option(names = "--to", paramLabel = "DATASET", description = "Where to.")
  private @Nullable String to;

  @Option(
      names = "--rename",
      paramLabel = "OLD=NEW",
      description = "Give a region another name, as that of its place in the topology.")
  private @Nullable String rename;

  @Option(
      names = "--forget",
      paramLabel = "NAME",
      description = "Take a region from the dataset's list; its blobs stay where they are.")
  private @Nullable String forget;

  @Option(
      names = "--region",
      paramLabel = "NAME",
      description = "Name of the region (default: the last part of --to).")
  private @Nullable String region;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Unmatched private List<String> beam = new ArrayList<>();

  /** The result; its keys are promised to programs. */
  record Result(
      String region, long copied, long bytes, double seconds, double megabytesPerSecond) {}

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    BeamOptions.check(spec, beam);
    if (to == null) {
      return listed();
    }
    if (rename != null || forget != null) {
      throw new UsageException("give --to, or --rename, or --forget");
    }
    String name = region == null ? ReplicateRequest.nameOf(to) : region;
    ReplicateJob.Replicated done =
        ReplicateJob.run(
            new ReplicateRequest(dataset, to, name, copying.home(), copying.transfer(), beam),
            new Progress(terminal));
    if (!copying.transfer().topology().regions().contains(name)) {
      terminal.say(
          "the topology does not know where %s is, so it is read last; replicate %s --rename"
              + " %s=REGION says where it is",
          name, dataset, name);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double rate = done.bytes() / 1e6 / Math.max(seconds, 1e-9);
    terminal.say(
        "region %s at %s is complete: %,d blobs (%s) were copied in %.1f s, %.3g MB/s",
        done.region(), to, done.copied(), Terminal.bytes(done.bytes()), seconds, rate);
    RunSummary.tell(terminal, dataset, done.ledger(), done.absences());
    terminal.result(
        new Result(done.region(), done.copied(), done.bytes(), seconds, rate), done.ledger());
    return 0;
  }

  /** Changes home's list of replicas; no blob is touched. */
  private Integer listed() throws IOException {
    if ((rename == null) == (forget == null)) {
      throw new UsageException("give --to, or --rename, or --forget");
    }
    try (Dataset opened = Dataset.open(dataset)) {
      ReplicaLog regions =
          new ReplicaLog(new BookedStore(opened.home(), opened.ledger()), opened.ledger());
      if (forget != null) {
        regions.remove(forget);
        terminal.say(
            "%s has no region %s any more; its blobs stay where they are", dataset, forget);
      } else if (rename != null) {
        List<String> names = Splitter.on('=').splitToList(rename);
        if (names.size() != 2) {
          throw UsageException.of("--rename %s: need OLD=NEW", rename);
        }
        regions.rename(names.get(0), names.get(1));
        terminal.say("region %s of %s is %s now", names.get(0), dataset, names.get(1));
      }
      RunSummary.tell(terminal, dataset, opened.ledger(), List.of());
      terminal.result(regions.latest(), opened.ledger());
    }
    return 0;
  }
}
