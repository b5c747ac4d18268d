package dev.stillhouse.pipeline.job.imports;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.formats.AlignmentEvidence;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportFormat;
import dev.stillhouse.pipeline.formats.ImportFormats;
import dev.stillhouse.pipeline.formats.ImportShape;
import dev.stillhouse.pipeline.formats.ImportSource;
import dev.stillhouse.pipeline.formats.SequenceAssembler;
import dev.stillhouse.pipeline.formats.SequenceLook;
import dev.stillhouse.pipeline.formats.SequenceSink;
import dev.stillhouse.pipeline.formats.SourceFacts;
import dev.stillhouse.pipeline.job.Commit;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.NextVersion;
import dev.stillhouse.pipeline.job.OutputGuard;
import dev.stillhouse.pipeline.job.OutputPlan;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.manifest.ContentBlob;
import dev.stillhouse.storage.manifest.Identity;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import java.util.List;
import java.util.Optional;

/**
 * Makes a dataset of files of another format: hash them, look through them once for the longest
 * sequence and the widest row (unless both are given), then read them, prove every value and write
 * shards, and commit. The same files and settings give the same digest.
 */
public final class ImportJob {
  /** Stands for a tokenizer that is not known. */
  public static final String UNKNOWN = Tokenizers.UNKNOWN;

  private static final String ARITHMETIC = "import-1";
  private static final String TEACHER = "import:";

  private final ImportRequest request;
  private final JobListener listener;
  private final JobContext context;
  private final ImportFormat format;

  private ImportJob(ImportRequest request, JobListener listener, JobContext context) {
    this.request = request;
    this.listener = listener;
    this.context = context;
    this.format = ImportFormats.named(request.format());
  }

  /**
   * The result.
   *
   * @param manifest the committed version
   * @param ledger cost of this process
   */
  public record Imported(Manifest manifest, Ledger ledger) {}

  /**
   * What a source holds.
   *
   * @param alignment which token a row describes
   * @param boundNats bound of the source's own error, in nats: this, and
   * @param boundShare this share of a log-prob
   */
  public record Seen(
      String format,
      int files,
      long bytes,
      long sequences,
      long positions,
      long entries,
      int longestSequence,
      int widestRow,
      int largestId,
      String alignment,
      double boundNats,
      double boundShare) {}

  /** Runs the job. */
  public static Imported run(ImportRequest request, JobListener listener) {
    Layouts.named(request.layout());
    if (request.out().isEmpty()) {
      throw new UsageException("name the dataset to write: --out DATASET (or add --dry-run)");
    }
    try (JobContext context = JobContext.begin()) {
      ImportJob job = new ImportJob(request, listener, context);
      SourceFiles found = new SourceFiles(job.format, request.paths());
      int vocabulary = job.vocabulary();
      ImmutableList<ImportFile> files = job.hash(found);
      try (ImportSource source = job.format.open(request.settings(), files);
          JobOutput output = JobOutput.open(context, request.out())) {
        return new Imported(job.run(source, files, vocabulary, output), output.ledger());
      }
    }
  }

  /** Looks through the source and writes nothing. */
  public static Seen look(ImportRequest request, JobListener listener) {
    try (JobContext context = JobContext.begin()) {
      ImportJob job = new ImportJob(request, listener, context);
      SourceFiles found = new SourceFiles(job.format, request.paths());
      ImmutableList<ImportFile> files = job.hash(found);
      try (ImportSource source = job.format.open(request.settings(), files)) {
        SourceFacts facts = source.facts().within(request.errorBound());
        SequenceLook look = job.look(source, facts, found.bytes());
        return new Seen(
            job.format.name(),
            files.size(),
            found.bytes(),
            look.sequences(),
            look.positions(),
            look.entries(),
            look.longest(),
            look.widest(),
            look.largestId(),
            facts.alignment().word(),
            facts.boundNats(),
            facts.boundShare());
      }
    }
  }

  private int vocabulary() {
    int known = request.tokenizer().map(TextTokenizer::vocabulary).orElse(0);
    if (known == 0 && request.vocabulary().isEmpty()) {
      throw new UsageException(
          "no such source says its vocabulary; give --tokenizer, or --vocabulary V where it is not"
              + " known");
    }
    int given = request.vocabulary().orElse(known);
    if (given < known) {
      throw UsageException.of(
          "--vocabulary %d: tokenizer %s has %d ids; need as many or more",
          given, request.tokenizer().orElseThrow().name(), known);
    }
    return given;
  }

  private ImmutableList<ImportFile> hash(SourceFiles found) {
    Meter meter = context.meter("hashing");
    try (JobListener.Stage stage = listener.start("hashing", "bytes", found.bytes(), meter)) {
      return found.hash(
          count -> {
            meter.checkStop();
            meter.add(count);
          },
          count -> reading.add(count));
    }
  }

  /** Counts the bytes of the stage that reads. */
  private Meter reading = new Meter();

  private void read(String stage, ImportSource source, long bytes, SequenceSink sink) {
    Meter meter = context.meter(stage);
    reading = meter;
    try (JobListener.Stage shown = listener.start(stage, "bytes", bytes, meter)) {
      source.read(
          sequence -> {
            meter.checkStop();
            sink.accept(sequence);
          });
    }
  }

  private DataException empty() {
    return DataException.of(
        "%s: no sequence of format %s is there; name the files that have them",
        String.join(", ", request.paths()), format.name());
  }

  private SequenceLook look(ImportSource source, SourceFacts facts, long bytes) {
    AlignmentEvidence evidence = new AlignmentEvidence(format.name(), facts.alignment());
    SequenceLook look = new SequenceLook(evidence);
    read("looking through", source, bytes, look);
    if (look.sequences() == 0) {
      throw empty();
    }
    if (request.alignmentCheck()) {
      evidence.check();
    }
    return look;
  }

  private Manifest run(
      ImportSource source, List<ImportFile> files, int vocabulary, JobOutput output) {
    SourceFacts facts = source.facts().within(request.errorBound());
    long bytes = files.stream().mapToLong(ImportFile::bytes).sum();
    ImportShape shape = shape(source, facts, vocabulary, bytes);
    List<String> units = files.stream().map(ImportFile::sha256).toList();
    Identity identity = identity(units, facts, shape);
    ManifestLog log = new ManifestLog(output.home(), output.reader());
    OutputGuard guard = new OutputGuard(output, log, NextVersion.FIRST, "");
    Optional<Manifest> finished = guard.check(identity);
    if (finished.isPresent()) {
      return finished.get();
    }
    request
        .tokenizer()
        .flatMap(TextTokenizer::blob)
        .ifPresent(
            blob -> ContentBlob.put(output.home(), Tokenizers.key(identity.tokenizer()), blob));
    OutputPlan plan =
        new OutputPlan(context.job(), request.out(), identity, vocabulary, shape.sequenceLength());
    SequenceAssembler assembler = new SequenceAssembler(format.name(), facts, shape);
    AlignmentEvidence evidence = new AlignmentEvidence(format.name(), facts.alignment());
    try (ImportedShards shards =
        new ImportedShards(plan, output, assembler, request.shardSequences())) {
      read(
          "importing",
          source,
          bytes,
          sequence -> {
            shards.accept(sequence);
            evidence.add(sequence);
          });
      List<ShardRecord> records = shards.finish();
      if (records.isEmpty()) {
        throw empty();
      }
      if (request.alignmentCheck()) {
        evidence.check();
      }
      Manifest manifest =
          Manifest.of(
                  NextVersion.FIRST.number(),
                  identity,
                  request.tokenizer().map(TextTokenizer::name).orElse(UNKNOWN),
                  TEACHER + (request.teacher().isEmpty() ? format.name() : request.teacher()),
                  vocabulary,
                  shape.sequenceLength(),
                  units,
                  records)
              .with(Skipped.NONE, List.of())
              .importedAs(List.of(assembler.note(request.tokenizer().isPresent())));
      return Commit.append(log, output.reader(), manifest, request.out(), "choose another --out");
    }
  }

  private ImportShape shape(ImportSource source, SourceFacts facts, int vocabulary, long bytes) {
    int length;
    int topK;
    if (request.sequenceLength().isPresent() && request.topK().isPresent()) {
      length = request.sequenceLength().getAsInt();
      topK = request.topK().getAsInt();
    } else {
      SequenceLook look = look(source, facts, bytes);
      length = request.sequenceLength().orElse(look.longest());
      topK = request.topK().orElse(look.widest());
    }
    if (length < 1 || length > TokenShardHeader.MAX_POSITIONS) {
      throw UsageException.of(
          "--sequence-length %d: need 1 to %d", length, TokenShardHeader.MAX_POSITIONS);
    }
    ImportShape shape =
        new ImportShape(vocabulary, length, topK, request.target(), request.normaliseKept());
    shape.spec().checkedAgainst(vocabulary);
    return shape;
  }

  private Identity identity(List<String> units, SourceFacts facts, ImportShape shape) {
    String source =
        String.join(
            " ",
            format.name(),
            facts.alignment().word(),
            facts.logits() ? "logits" : "log-probs",
            request.normaliseKept() ? "normalised over kept entries" : "as given",
            facts.canonical());
    return new Identity(
        Identity.corpus(units),
        request.tokenizer().map(TextTokenizer::fingerprint).orElse(UNKNOWN),
        "import sequence-length="
            + shape.sequenceLength()
            + " shard-sequences="
            + request.shardSequences(),
        TEACHER + request.teacher() + " " + source,
        shape.spec().toString(),
        request.layout(),
        ARITHMETIC);
  }
}
