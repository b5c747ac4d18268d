package dev.stillhouse.bench;

import dev.stillhouse.cli.commands.Candidates;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.pipeline.teacher.onnx.OnnxAlone;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench onnx}: measures what the teacher adds to the runtime's own time, on the same calls.
 */
@Command(
    name = "onnx",
    description = "What the onnx teacher adds to the ONNX Runtime's own time on the same calls.",
    mixinStandardHelpOptions = true)
final class OnnxBench implements Callable<Integer> {
  private static final int POSITIONS = 2048; // of a batch, as an extraction cuts them

  @Mixin private Terminal terminal = new Terminal();

  @Option(
      names = "--teacher",
      completionCandidates = Candidates.OfTeachers.class,
      required = true,
      paramLabel = "onnx:FILE",
      description = "The model.")
  private String teacher = "";

  @Option(names = "--sequence-length", defaultValue = "512", paramLabel = "T")
  private int length = 512;

  @Option(names = "--batches", defaultValue = "8", description = "Of 2,048 positions each.")
  private int batches = 8;

  @Option(names = "--rounds", defaultValue = "9")
  private int rounds = 9;

  @Override
  public Integer call() throws IOException {
    TeacherName name = TeacherName.parse(teacher);
    if (!name.name().equals("onnx") || length < 1 || batches < 1 || rounds < 1) {
      throw UsageException.of(
          "need --teacher onnx:FILE and sizes of 1 or more, but got %s, %d, %d, %d",
          teacher, length, batches, rounds);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    try (DenseTeacher opened =
        (DenseTeacher) Teachers.named("onnx").open(name.argument(), Optional.empty())) {
      // One text a sequence, and texts of all lengths.
      for (int mean : new int[] {length, Math.max(1, length / 4)}) {
        rows.add(measure(opened, name.argument(), mean));
      }
    }
    Report.of(rows).print(terminal);
    return 0;
  }

  private Map<String, Object> measure(DenseTeacher opened, String argument, int mean) {
    List<TokenBatch> all = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < batches; i++) {
      all.add(batch(opened.vocabulary(), mean, random));
    }
    try (OnnxAlone alone = new OnnxAlone(argument, all)) {
      Turns turns = Turns.of(rounds, alone::run, () -> all.forEach(batch -> drain(opened, batch)));
      long positions = (long) batches * all.get(0).slots();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", mean == length ? "one segment a sequence" : "segments of all lengths");
      row.put("vocabulary", opened.vocabulary());
      row.put("sequenceLength", length);
      row.put("meanSegment", mean);
      row.put("runtimePositionsPerSecond", positions / turns.first());
      row.put("positionsPerSecond", positions / turns.second());
      row.put("overRuntime", turns.ratio());
      return row;
    }
  }

  private TokenBatch batch(int vocabulary, int mean, Random random) {
    int sequences = Math.max(1, POSITIONS / length);
    int[] tokens = random.ints((long) sequences * length, 0, vocabulary).toArray();
    int[] segments = new int[tokens.length];
    for (int i = 0; i < segments.length; i++) {
      boolean cut = mean < length && random.nextInt(mean) == 0;
      segments[i] = i % length == 0 ? 0 : segments[i - 1] + (cut ? 1 : 0);
    }
    return new TokenBatch(0, length, tokens, segments);
  }

  private static void drain(DenseTeacher teacher, TokenBatch batch) {
    try (LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        block.close();
      }
    }
  }
}
