package dev.stillhouse.bench;

import com.google.common.io.ByteSource;
import dev.stillhouse.bench.GradientErrors.Use;
import dev.stillhouse.cli.commands.Candidates;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusPlan;
import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.packing.Packer;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.losses.BatchPositions;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench statistics}: measures what a student learns from each statistic, compared with the
 * full row.
 */
@Command(
    name = "statistics",
    description = {
      "How far the gradients that each statistic allows lie from full distillation's:",
      "of one position, and of the mean over all, where only a bias is left."
    },
    mixinStandardHelpOptions = true)
final class StatisticsBench implements Callable<Integer> {
  private static final String LINE = "%-26s %-16s %8s %13s %9s";

  /** Positions of a sequence: all log-probs of one are held at once. */
  private static final int LENGTH = 64;

  /** Max sequences that a teacher is fitted to. */
  private static final int MAX_SEQUENCES = 1 << 14;

  @Mixin private Terminal terminal = new Terminal();

  @Option(
      names = "--corpus",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Text that the teacher reads.")
  private List<String> corpus = new ArrayList<>();

  @Option(
      names = "--tokenizer",
      completionCandidates = Candidates.OfTokenizers.class,
      defaultValue = "gpt2",
      description = "As extract takes it (default: ${DEFAULT-VALUE}).")
  private String tokenizer = "gpt2";

  @Option(
      names = "--teacher",
      completionCandidates = Candidates.OfTeachers.class,
      defaultValue = "ngram",
      description = "As extract takes it (default: ${DEFAULT-VALUE}).")
  private String teacher = "ngram";

  @Option(
      names = "--positions",
      defaultValue = "512",
      description = "Positions; the mean counts (default: ${DEFAULT-VALUE}).")
  private int positions = 512;

  @Option(
      names = "--k",
      defaultValue = "32",
      description = "Best entries (default: ${DEFAULT-VALUE}).")
  private int k = 32;

  @Option(
      names = "--draws",
      split = ",",
      defaultValue = "1,4,16,64,256,1024",
      paramLabel = "N",
      description = "Of sample:N (default: ${DEFAULT-VALUE}).")
  private int[] draws = {};

  private int vocabulary;

  @Override
  public Integer call() throws IOException {
    TextTokenizer named = Tokenizers.named(tokenizer);
    vocabulary = named.vocabulary();
    if (positions < LENGTH || k < 1 || k > vocabulary || draws.length == 0) {
      throw UsageException.of(
          "need --positions of %d or more, --k of 1 to %d and --draws, but got %d, %d, %s",
          LENGTH, vocabulary, positions, k, Arrays.toString(draws));
    }
    List<TokenBatch> batches = sequences(named);
    TeacherName name = TeacherName.parse(teacher);
    TeacherProvider provider = Teachers.named(name.name());
    var blob = provider.prepare(name.argument(), batches, vocabulary);
    GradientErrors errors = new GradientErrors(vocabulary);
    try (Teacher opened = provider.open(name.argument(), blob.map(ByteSource::wrap))) {
      if (!(opened instanceof DenseTeacher dense)) {
        throw UsageException.of("teacher %s gives no logits", name);
      }
      int wanted = Math.min(positions / LENGTH, batches.size());
      for (int i = 0; i < wanted; i++) {
        measure(dense, batches.get((int) ((long) i * batches.size() / wanted)), errors);
      }
    }
    List<GradientError> told = errors.all();
    Report report = Report.of(told.stream().map(GradientError::figures).toList());
    report.head(terminal);
    terminal.say(LINE, "", "used as", "entries", "one position", "the mean");
    told.forEach(this::say);
    terminal.result(report);
    return 0;
  }

  private void say(GradientError error) {
    terminal.say(
        LINE,
        error.statistic(),
        error.use(),
        Terminal.text("%.1f", error.entries()),
        Terminal.text("%.3f", error.ofOnePosition()),
        Terminal.text("%.4f", error.ofTheMean()));
  }

  private List<TokenBatch> sequences(TextTokenizer named) {
    CorpusOptions options = CorpusOptions.defaults(named.endToken());
    Packer packer =
        new Packer(new Packing(LENGTH, MAX_SEQUENCES, named.endToken()), options, named);
    List<TokenBatch> batches = new ArrayList<>();
    for (CorpusSplit split : CorpusPlan.of(corpus, options).splits()) {
      packer.pack(
          split,
          (tokens, segments, sources) -> {
            if (batches.size() < MAX_SEQUENCES) {
              batches.add(new TokenBatch(batches.size(), LENGTH, tokens.clone(), segments.clone()));
            }
          });
    }
    if (batches.isEmpty()) {
      throw UsageException.of("the corpus %s has no text", corpus);
    }
    return batches;
  }

  private void measure(DenseTeacher dense, TokenBatch batch, GradientErrors errors) {
    StatisticsBatch whole = ask(dense, StatisticSpec.ofTopK(vocabulary), batch);
    Map<StatisticSpec, StatisticsBatch> kept = new LinkedHashMap<>();
    kept.put(StatisticSpec.ofTopK(k), ask(dense, StatisticSpec.ofTopK(k), batch));
    for (int n : draws) {
      for (String text : List.of("sample:" + n, "top-k:" + k + "+sample:" + n)) {
        StatisticSpec spec = StatisticSpec.parse(text);
        kept.put(spec, ask(dense, spec, batch));
      }
    }
    for (int slot = 0; slot < batch.slots(); slot++) {
      if (batch.padding(slot)) {
        continue;
      }
      GradientErrors.Position position = errors.new Position(allLogProbs(whole, slot));
      for (Map.Entry<StatisticSpec, StatisticsBatch> one : kept.entrySet()) {
        StatisticSpec spec = one.getKey();
        var statistic = new BatchPositions(one.getValue(), spec).at(slot);
        for (Use use : Use.of(spec)) {
          position.add(spec.toString().replace(",seed=0", ""), use, statistic);
        }
      }
    }
  }

  private StatisticsBatch ask(DenseTeacher dense, StatisticSpec spec, TokenBatch batch) {
    return new StatisticsAssembler(dense, spec, vocabulary).read(batch);
  }

  private double[] allLogProbs(StatisticsBatch whole, int slot) {
    double[] logProbs = new double[vocabulary];
    Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
    for (int e = whole.offsets()[slot]; e < whole.offsets()[slot + 1]; e++) {
      logProbs[whole.ids()[e]] = whole.logProbs()[e];
    }
    return logProbs;
  }
}
