package dev.stillhouse.cli.commands;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.pipeline.job.extract.DryRun;
import dev.stillhouse.pipeline.job.extract.ExtractJob;
import dev.stillhouse.pipeline.job.extract.ExtractRequest;
import dev.stillhouse.pipeline.job.replicate.PlacedReplica;
import dev.stillhouse.pipeline.job.replicate.Placement;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.check.TeacherCheck;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code extract}: makes a dataset of a corpus, a tokenizer and a teacher. */
@Command(
    name = "extract",
    description = "Keeps what a teacher says of every next token of a corpus.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse extract --corpus books/ --tokenizer gpt2 --teacher ngram \\",
      "      --statistic top-k:64 --layout columns --out my-dataset",
      "  zcat a.jsonl.gz | stillhouse extract --corpus - --stdin-as jsonl --out a",
      "  stillhouse extract --tokens my-dataset --layout rows --out my-rows",
      "  stillhouse extract --corpus books/ --tokenizer tokenizer.json \\",
      "      --teacher onnx:model.onnx,context=1024,bos=1 --out my-neural",
      "  stillhouse extract --corpus books/ --out my-union \\",
      "      --statistic top-k:32+sample:50+target+normaliser-at:2.0",
      "  stillhouse extract --dry-run --corpus books/",
      "  stillhouse extract --append --corpus more-books/ --out my-dataset",
      "  stillhouse extract --corpus books/ --out /mnt/iad/a --home iad \\",
      "      --replicate-to fra=s3://bucket/a,nrt=/mnt/nrt/a --copies 1",
      "",
      "Stopped at any moment and run again, it goes on where it was.",
      "Other options go to Beam, as in --runner=DirectRunner --targetParallelism=4."
    })
public final class ExtractCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();
  @Mixin private Sources source = new Sources();
  @Mixin private CopyOptions copying = new CopyOptions();

  @Option(
      names = "--teacher",
      completionCandidates = Candidates.OfTeachers.class,
      defaultValue = "ngram",
      description =
          "Who is asked: ngram (fitted to the corpus), onnx:FILE[,context=C][,stride=S][,bos=ID],"
              + " vllm:URL or sglang:URL (a server of the model),"
              + " flight:HOST:PORT[;HOST:PORT...] (served by python -m stillhouse.teacher),"
              + " kld:FILE (of llama.cpp, with its own tokens), logits:FILE.npy, or synthetic[:vocabulary=V] to measure (default:"
              + " ${DEFAULT-VALUE}).")
  private String teacher = "ngram";

  @Option(
      names = "--statistic",
      completionCandidates = Candidates.OfStatistics.class,
      defaultValue = "top-k:64",
      paramLabel = "PART[+PART...]",
      description =
          "What is kept of each position: top-k:K, "
              + "top-p:P,max=M, sample:N[,temperature=T], "
              + "forced:FILE (of token ids), target, "
              + "normaliser-at:T[,T...] (default: ${DEFAULT-VALUE}).")
  private String statistic = "top-k:64";

  @Option(
      names = "--layout",
      completionCandidates = Candidates.OfLayouts.class,
      defaultValue = "columns",
      description =
          "How it is laid out: adaptive, columns, planes, rows (default: ${DEFAULT-VALUE}).")
  private String layout = "columns";

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Seed of what sample:N draws (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--teacher-check",
      defaultValue = "warn",
      paramLabel = "warn|fail|off",
      description =
          "When a teacher's rows depend on more than the "
              + "past of their own text (default: ${DEFAULT-VALUE}).")
  private String teacherCheck = "warn";

  @Option(names = "--out", paramLabel = "DATASET", description = "Where to.")
  private String out = "";

  @Option(
      names = "--dry-run",
      description = "Write nothing; tell from a sample what each layout would cost.")
  private boolean dryRun;

  @Option(
      names = "--append",
      description = "Add the corpus to the dataset that is there, as its next version.")
  private boolean append;

  @Option(
      names = "--replicate-to",
      split = ",",
      paramLabel = "NAME[=DATASET]",
      description =
          "Regions that get it too, as in "
              + "fra=s3://bucket/copy,nrt=/mnt/copy; a name alone "
              + "is one that the dataset knows already.")
  private List<String> regions = new ArrayList<>();

  @Option(
      names = "--copies",
      paramLabel = "N",
      description =
          "How many of these must hold a version before it "
              + "is committed (default: all); the others get it "
              + "afterwards.")
  private @Nullable Integer copies;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Unmatched private List<String> beam = new ArrayList<>();

  /**
   * The result; its keys are promised to programs.
   *
   * @param regions result for each of those in {@code --replicate-to}
   * @param teacherShare share of the time in which it waited for a teacher elsewhere
   */
  record Result(
      @JsonUnwrapped Summary summary,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PlacedReplica> regions,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double teacherShare) {}

  /** Returns the tokens that are asked for; a recording may bring its own. */
  private TokenSource tokens() {
    TeacherName name = TeacherName.parse(teacher);
    return name.name().equals("kld") && source.isEmpty()
        ? source.openKld(name.argument())
        : source.open(outputs(), terminal);
  }

  @Override
  public Integer call() throws IOException {
    source.passOn(beam);
    BeamOptions.check(spec, beam);
    if (dryRun) {
      return estimate();
    }
    if (out.isEmpty()) {
      throw new UsageException("name the dataset to write: --out DATASET (or add --dry-run)");
    }
    long start = System.nanoTime();
    ExtractJob.Extracted done;
    try (TokenSource tokens = tokens()) {
      done = ExtractJob.run(request(tokens), new Progress(terminal));
    }
    Summary summary = Summary.of(out, done.manifest(), (System.nanoTime() - start) / 1e9);
    summary.print(terminal);
    long skipped = done.manifest().skipped().count();
    if (skipped > 0) {
      terminal.progress(
          "warning: %s of the corpus could not be read and %s left out; see \"skipped\" in the"
              + " manifest",
          skipped == 1 ? "1 document" : skipped + " documents", skipped == 1 ? "is" : "are");
    }
    done.regions().forEach(this::tell);
    RunSummary.tell(terminal, source.dataset().orElse(out), done.ledger(), List.of());
    Double share = done.teacherShare().isPresent() ? done.teacherShare().getAsDouble() : null;
    terminal.result(new Result(summary, done.regions(), share), done.ledger());
    return 0;
  }

  private void tell(PlacedReplica region) {
    if (region.complete()) {
      terminal.say(
          "region %s has it too: %,d blobs (%s) were copied",
          region.region(), region.copied(), Terminal.bytes(region.bytes()));
    } else {
      terminal.progress(
          "warning: region %s does not have it: %s%n"
              + "stillhouse replicate %s --region %s --to %s brings it there",
          region.region(), region.reason(), out, region.region(), region.store());
    }
  }

  private int estimate() throws IOException {
    try (TokenSource tokens = tokens()) {
      DryRun.Estimate told = DryRun.of(request(tokens));
      terminal.say(
          "%s%,d positions in %,d sequences; estimated from %,d positions, of which one thread does"
              + " %,.0f a second",
          told.exact() ? "" : "about ",
          told.positions(),
          told.sequences(),
          told.sampled(),
          told.positionsPerSecond());
      for (DryRun.Cost cost : told.layouts()) {
        terminal.say(
            "  %-10s %10s  %6.1f bytes a position  %s on %d cores",
            cost.layout(),
            Terminal.bytes(cost.bytes()),
            cost.bytesPerPosition(),
            Terminal.duration(cost.seconds()),
            Runtime.getRuntime().availableProcessors());
      }
      terminal.result(told);
      return 0;
    }
  }

  private ExtractRequest request(TokenSource tokens) throws IOException {
    String seeded = StatisticSpec.parse(statistic, seed).toString();
    Placement placement =
        Placement.parse(
            copying.home(),
            regions,
            copies == null ? OptionalInt.empty() : OptionalInt.of(copies),
            copying.transfer());
    return new ExtractRequest(
        tokens, teacher, seeded, layout, out, append, placement, beam, check());
  }

  private TeacherCheck.Mode check() {
    return switch (Sources.oneOf("--teacher-check", teacherCheck, "warn", "fail", "off")) {
      case "fail" -> TeacherCheck.Mode.FAIL;
      case "off" -> TeacherCheck.Mode.OFF;
      default -> TeacherCheck.Mode.WARN;
    };
  }

  /** Returns the places that are written to; a corpus may lie around them. */
  private List<String> outputs() {
    List<String> outputs = new ArrayList<>();
    if (!out.isEmpty()) {
      outputs.add(out);
    }
    regions.forEach(region -> outputs.add(region.substring(region.indexOf('=') + 1)));
    return outputs;
  }
}
