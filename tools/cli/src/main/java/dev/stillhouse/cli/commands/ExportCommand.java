package dev.stillhouse.cli.commands;

import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.pipeline.job.exports.ExportJob;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.replica.ReadContext;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}: writes a dataset in the format of another tool. */
@Command(
    name = "export",
    description = "Writes a dataset as a file of another tool.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse export parquet my-dataset --out statistics.parquet",
      "  stillhouse export axolotl my-dataset --dry-run",
      "",
      "What a format has no place for is listed, a line each, and under --json as",
      "losses."
    })
public final class ExportCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();
  @Mixin private ReaderOptions reading = new ReaderOptions();

  @Parameters(
      index = "0",
      paramLabel = "FORMAT",
      completionCandidates = Candidates.OfExports.class,
      description = "Format of the file: ${COMPLETION-CANDIDATES}.")
  private String format = "";

  @Parameters(index = "1", paramLabel = "DATASET", description = "Path or s3://bucket/prefix.")
  private String dataset = "";

  @Option(names = "--out", paramLabel = "FILE", description = "Where to; it must not exist.")
  private String out = "";

  @Option(
      names = "--dataset-version",
      paramLabel = "N",
      description = "An older version (default: the newest).")
  private @Nullable Long version;

  @Option(names = "--dry-run", description = "Write nothing; tell what the format would lose.")
  private boolean dryRun;

  /** The result of a dry run; its keys are promised to programs. */
  record Losses(String format, List<String> losses) {}

  @Override
  public Integer call() throws IOException {
    if (out.isEmpty() && !dryRun) {
      throw new UsageException("name the file to write: --out FILE (or add --dry-run)");
    }
    ReadContext context = reading.context();
    ReadOptions options = ReadOptions.DEFAULT.from(context);
    try (Dataset opened =
        Dataset.open(dataset, version == null ? options : options.version(version))) {
      List<String> losses = ExportJob.losses(format, opened);
      losses.forEach(loss -> terminal.say("lost         %s", loss));
      if (dryRun) {
        terminal.result(new Losses(format, losses), opened.ledger());
        return 0;
      }
      ExportJob.Exported done =
          ExportJob.run(format, opened, LocalPath.of("--out", out), new Progress(terminal));
      terminal.say(
          "%s  %,d samples of %,d positions, %s",
          done.file(), done.samples(), done.positions(), Terminal.bytes(done.bytes()));
      terminal.result(done, opened.ledger());
      RunSummary.tell(terminal, dataset, opened);
    }
    return 0;
  }
}
