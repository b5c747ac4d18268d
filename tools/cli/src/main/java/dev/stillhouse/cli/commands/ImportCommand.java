package dev.stillhouse.cli.commands;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.stillhouse.pipeline.formats.Alignment;
import dev.stillhouse.pipeline.formats.ImportSettings;
import dev.stillhouse.pipeline.job.imports.ImportJob;
import dev.stillhouse.pipeline.job.imports.ImportRequest;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.manifest.ImportNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import}: makes a dataset of what another tool kept of a teacher. */
@Command(
    name = "import",
    description = "Makes a dataset of what another tool kept of a teacher.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse import jsonl answers.jsonl --alignment next --tokenizer gpt2 \\",
      "      --out my-dataset",
      "  stillhouse import jsonl answers/ --alignment self --vocabulary 151936 \\",
      "      --set tokens=input_ids --set entries=prompt_logprobs --dry-run",
      "",
      "What the source does not know is an option, or unknown in the manifest:",
      "nothing is invented. Every value is proved; what is wrong is named with its",
      "place. The same files and options give the same digest."
    })
public final class ImportCommand implements Callable<Integer> {
  private static final int MAX_MAPPING_BYTES = 1 << 20;

  @Mixin private Terminal terminal = new Terminal();

  @Parameters(
      index = "0",
      paramLabel = "FORMAT",
      completionCandidates = Candidates.OfImports.class,
      description = "Format of the files: ${COMPLETION-CANDIDATES}.")
  private String format = "";

  @Parameters(index = "1..*", paramLabel = "PATH", description = "Files and folders.")
  private List<String> paths = new ArrayList<>();

  @Option(names = "--out", paramLabel = "DATASET", description = "Where to.")
  private String out = "";

  @Option(
      names = "--alignment",
      completionCandidates = Candidates.OfAlignments.class,
      paramLabel = "next|self|end",
      description =
          "Which token row t describes: token t+1 (next), token t (self), or so that the last row"
              + " describes the last token (end). Formats that know it need none.")
  private @Nullable String alignment;

  @Option(
      names = "--no-alignment-check",
      description = "Take rows that seem to be off by one as they are.")
  private boolean noAlignmentCheck;

  @Option(
      names = "--tokenizer",
      completionCandidates = Candidates.OfTokenizers.class,
      paramLabel = "gpt2|cl100k|o200k|FILE.json",
      description = "The tokenizer that made the tokens; unknown if it is left out.")
  private @Nullable String tokenizer;

  @Option(
      names = "--vocabulary",
      paramLabel = "V",
      description = "Number of token ids, where no tokenizer is given or the teacher has more.")
  private @Nullable Integer vocabulary;

  @Option(
      names = "--teacher",
      paramLabel = "NAME",
      description = "Name of the teacher, for people and in the identity.")
  private String teacher = "";

  @Option(
      names = "--sequence-length",
      paramLabel = "T",
      description = "Positions of a row (default: those of the longest sequence).")
  private @Nullable Integer sequenceLength;

  @Option(
      names = "--shard-sequences",
      defaultValue = "512",
      paramLabel = "N",
      description = "Sequences of a shard (default: ${DEFAULT-VALUE}).")
  private int shardSequences = 512;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Keep the K best entries of a row (default: as many as there are).")
  private @Nullable Integer topK;

  @Option(
      names = "--keep-target",
      description = "Keep the target's entry where it is not among the best K.")
  private boolean target;

  @Option(
      names = "--normalise-kept",
      description = "Logits without a normaliser: take the kept entries for all of the mass.")
  private boolean normaliseKept;

  @Option(
      names = "--error-bound",
      paramLabel = "NATS",
      description = "How far the source's log-probs may be off (default: as its format says).")
  private @Nullable Double errorBound;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of the format, as in tokens=input_ids; see docs/how-to/import.md.")
  private Map<String, String> settings = new TreeMap<>();

  @Option(
      names = "--mapping",
      paramLabel = "FILE",
      description = "Settings as a JSON object of texts; --set goes first.")
  private @Nullable Path mapping;

  @Option(
      names = "--layout",
      completionCandidates = Candidates.OfLayouts.class,
      defaultValue = "columns",
      description =
          "How it is laid out: adaptive, columns, planes, rows (default: ${DEFAULT-VALUE}).")
  private String layout = "columns";

  @Option(names = "--dry-run", description = "Write nothing; tell what the files hold.")
  private boolean dryRun;

  /** The result; its keys are promised to programs. */
  record Result(@JsonUnwrapped Summary summary, ImportNote imported) {}

  @Override
  public Integer call() throws IOException {
    if (dryRun) {
      ImportJob.Seen seen = ImportJob.look(request(), new Progress(terminal));
      terminal.say(
          "%,d sequences of %,d positions in %,d file%s (%s); the longest has %,d",
          seen.sequences(),
          seen.positions(),
          seen.files(),
          seen.files() == 1 ? "" : "s",
          Terminal.bytes(seen.bytes()),
          seen.longestSequence());
      terminal.say(
          "%,d entries, at most %,d a row; the largest token id is %,d; alignment %s",
          seen.entries(), seen.widestRow(), seen.largestId(), seen.alignment());
      terminal.say("%s", bound(seen.boundNats(), seen.boundShare()));
      terminal.result(seen);
      return 0;
    }
    long start = System.nanoTime();
    ImportJob.Imported done = ImportJob.run(request(), new Progress(terminal));
    Summary summary = Summary.of(out, done.manifest(), (System.nanoTime() - start) / 1e9);
    summary.print(terminal);
    ImportNote note =
        done.manifest().imported().stream()
            .findFirst()
            .orElseThrow(() -> DataException.of("%s holds a dataset that was not imported", out));
    tell(note);
    RunSummary.tell(terminal, out, done.ledger(), List.of());
    terminal.result(new Result(summary, note), done.ledger());
    return 0;
  }

  private void tell(ImportNote note) {
    terminal.say("source       %s; %s", note.format(), bound(note.boundNats(), note.boundShare()));
    if (!note.unknown().isEmpty()) {
      terminal.say("not known    %s", String.join(", ", note.unknown()));
    }
    if (note.normalised().equals(ImportNote.KEPT)) {
      terminal.say("normalised   over the kept entries alone: what was not kept is lost");
    }
    if (note.excessPositions() > 0) {
      terminal.say(
          "mass         above 1 at %,d positions, by at most %.3g: they have no tail",
          note.excessPositions(), note.largestExcess());
    }
    if (note.raised() > 0) {
      terminal.say("rounding     %,d log-probs above 0 are taken for 0", note.raised());
    }
  }

  private static String bound(double nats, double share) {
    if (nats == 0 && share == 0) {
      return "its values are as the teacher gave them";
    }
    return share == 0
        ? Terminal.text("a log-prob may be off by %.3g nats", nats)
        : Terminal.text("a log-prob may be off by %.3g nats and %.3g of its value", nats, share);
  }

  private ImportRequest request() throws IOException {
    return new ImportRequest(
        format,
        paths,
        new ImportSettings(Optional.ofNullable(alignment).map(Alignment::parse), all()),
        out,
        layout,
        teacher,
        Optional.ofNullable(tokenizer).map(Tokenizers::named),
        atLeastOne("--vocabulary", vocabulary),
        atLeastOne("--sequence-length", sequenceLength),
        atLeastOne("--shard-sequences", shardSequences).getAsInt(),
        topK == null || topK == 0 ? OptionalInt.empty() : atLeastOne("--top-k", topK),
        target,
        normaliseKept,
        errorBound(),
        !noAlignmentCheck);
  }

  private OptionalDouble errorBound() {
    if (errorBound == null) {
      return OptionalDouble.empty();
    }
    if (!(errorBound >= 0 && errorBound <= 100)) {
      throw UsageException.of("--error-bound %s: need 0 to 100 nats", errorBound);
    }
    return OptionalDouble.of(errorBound);
  }

  private static OptionalInt atLeastOne(String option, @Nullable Integer value) {
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value < 1) {
      throw UsageException.of("%s %d: need 1 or more", option, value);
    }
    return OptionalInt.of(value);
  }

  /** Returns the settings of the file and of the options. */
  private Map<String, String> all() throws IOException {
    Map<String, String> all = new TreeMap<>();
    if (mapping != null) {
      if (!Files.isRegularFile(mapping)) {
        throw UsageException.of("--mapping %s: there is no such file", mapping);
      }
      if (Files.size(mapping) > MAX_MAPPING_BYTES) {
        throw UsageException.of(
            "--mapping %s: %d bytes, at most %d", mapping, Files.size(mapping), MAX_MAPPING_BYTES);
      }
      Map<?, ?> read = Json.parse(mapping.toString(), Files.readAllBytes(mapping), Map.class);
      read.forEach(
          (name, value) -> {
            if (!(value instanceof String)) {
              throw DataException.of(
                  "%s: '%s' is no text; need {\"NAME\": \"VALUE\"}", mapping, name);
            }
            all.put(name.toString(), value.toString());
          });
    }
    all.putAll(settings);
    return all;
  }
}
