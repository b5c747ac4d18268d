package dev.stillhouse.tools.commands;

import dev.stillhouse.pipeline.job.ReplicateJob;
import dev.stillhouse.pipeline.job.ReplicateRequest;
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

/** {@code replicate}: a dataset gets a second region. */
@Command(
    name = "replicate",
    description = "Copies a dataset to another place, from which it is read too from then on.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse replicate my-dataset --to /mnt/far/my-copy",
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
  @Mixin private Copying copying = new Copying();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or s3://bucket/prefix.")
  private String dataset = "";

  @Option(names = "--to", required = true, paramLabel = "DATASET", description = "Where to.")
  private String to = "";

  @Option(
      names = "--region",
      paramLabel = "NAME",
      description = "Name of the region (default: the last part of --to).")
  private @Nullable String region;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Unmatched private List<String> beam = new ArrayList<>();

  /** What is told; the keys are promised to programs. */
  record Told(String region, long copied, long bytes, double seconds, double megabytesPerSecond) {}

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    BeamOptions.check(spec, beam);
    String name = region == null ? ReplicateRequest.nameOf(to) : region;
    ReplicateJob.Replicated done =
        ReplicateJob.run(
            new ReplicateRequest(dataset, to, name, copying.home(), copying.transfer(), beam),
            new Progress(terminal));
    double seconds = (System.nanoTime() - start) / 1e9;
    double rate = done.bytes() / 1e6 / Math.max(seconds, 1e-9);
    terminal.say(
        "region %s at %s is complete: %,d blobs (%s) were copied in %.1f s, %.3g MB/s",
        done.region(), to, done.copied(), Terminal.bytes(done.bytes()), seconds, rate);
    Closing.tell(terminal, dataset, done.ledger(), done.absences());
    terminal.result(
        new Told(done.region(), done.copied(), done.bytes(), seconds, rate), done.ledger());
    return 0;
  }
}
