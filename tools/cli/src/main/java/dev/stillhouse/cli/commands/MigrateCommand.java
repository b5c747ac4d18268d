package dev.stillhouse.cli.commands;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.stillhouse.pipeline.job.migrate.MigrateJob;
import dev.stillhouse.pipeline.job.migrate.MigrateRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code migrate}: writes a dataset in another layout. */
@Command(
    name = "migrate",
    description = "Writes a dataset in another layout without asking the teacher.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse migrate my-dataset --layout columns --out my-columns",
      "  stillhouse migrate my-dataset --dataset-version 1 --layout rows --out my-rows",
      "",
      "Sequences, their order and the shards' boundaries stay. What a layout rounds",
      "is rounded; the most that a log-prob differs is shown and kept in the manifest.",
      "Stopped at any moment and run again, it goes on where it was.",
      "Other options go to Beam, as in --targetParallelism=4."
    })
public final class MigrateCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();
  @Mixin private PricingOptions pricing = new PricingOptions();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or s3://bucket/prefix.")
  private String dataset = "";

  @Option(
      names = "--layout",
      completionCandidates = Candidates.OfLayouts.class,
      required = true,
      paramLabel = "NAME",
      description = "How the new one is laid out: adaptive, columns, planes, rows.")
  private String layout = "";

  @Option(names = "--out", required = true, paramLabel = "DATASET", description = "Where to.")
  private String out = "";

  @Option(
      names = "--dataset-version",
      paramLabel = "N",
      description = "An older version (default: the newest).")
  private @Nullable Long version;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Unmatched private List<String> beam = new ArrayList<>();

  /**
   * The result; its keys are promised to programs.
   *
   * @param errorBound max change of a log-prob that the layout's bound allows, in nats
   * @param largestError largest change of a log-prob, in nats
   */
  record Result(@JsonUnwrapped Summary summary, double errorBound, double largestError) {}

  @Override
  public Integer call() throws IOException {
    pricing.check();
    long start = System.nanoTime();
    BeamOptions.check(spec, beam);
    MigrateJob.Migrated done =
        MigrateJob.run(
            new MigrateRequest(
                dataset,
                version == null ? OptionalLong.empty() : OptionalLong.of(version),
                layout,
                out,
                beam),
            new Progress(terminal));
    Summary summary = Summary.of(out, done.manifest(), (System.nanoTime() - start) / 1e9);
    summary.print(terminal);
    pricing.price(done.ledger(), done.home());
    RunSummary.tell(terminal, dataset, done.ledger(), done.absences());
    terminal.result(
        new Result(summary, done.origin().errorBound(), done.origin().largestError()),
        done.ledger());
    return 0;
  }
}
