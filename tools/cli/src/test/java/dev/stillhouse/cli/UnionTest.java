package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.losses.BatchPositions;
import dev.stillhouse.storage.losses.FullDistillation;
import dev.stillhouse.storage.losses.PositionStatistic;
import dev.stillhouse.storage.losses.UnionEstimate;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datasets whose statistic is a union: made, verified, inspected, loaded, learned from. */
@Tag("slow")
class UnionTest {
  private static final String UNION = "top-k:3+sample:20+target+normaliser-at:2+forced:";

  @TempDir Path directory;
  private Path text = Path.of("unset");
  private Path tokenizer = Path.of("unset");
  private Path forced = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    text = TestTexts.text(directory.resolve("text.txt"), 3000);
    tokenizer = directory.resolve("tokenizer.json");
    TinyTokenizer.write(tokenizer);
    forced = TestTexts.write(directory.resolve("forced.txt"), "5 # an opener\n3\n");
  }

  private Command extract(String out, String statistic, Object... options) {
    List<Object> arguments =
        new ArrayList<>(List.of("extract", "--json", "--corpus", text, "--tokenizer", tokenizer));
    arguments.addAll(
        List.of("--statistic", statistic, "--out", directory.resolve(out), "--sequence-length"));
    arguments.addAll(List.of(64, "--shard-sequences", 8));
    arguments.addAll(List.of(options));
    return Command.run(arguments.toArray());
  }

  @Test
  void isMadeVerifiedInspectedAndLoaded() throws IOException {
    for (String layout : List.of("columns", "rows")) {
      JsonNode made = extract(layout, UNION + forced, "--layout", layout, "--seed", 4).json();
      assertTrue(
          made.get("statistic")
              .asText()
              .matches(
                  "top-k:3\\+sample:20,seed=4\\+forced:[0-9a-f]{64}\\+target\\+normaliser-at:2.0"));
      Path out = directory.resolve(layout);
      assertTrue(Command.run("verify", out, "--json").json().get("ok").asBoolean());

      JsonNode position =
          Command.run("inspect", out, "--sequence", 1, "--position", 7, "--json").json();
      int counted = 0;
      List<Integer> ids = new ArrayList<>();
      for (JsonNode entry : position.get("entries")) {
        counted += entry.get("count").asInt();
        ids.add(entry.get("id").asInt());
        String reasons = entry.get("reasons").toString();
        boolean isForced = entry.get("id").asInt() == 5 || entry.get("id").asInt() == 3;
        boolean isTarget = entry.get("id").equals(position.get("nextToken"));
        assertEquals(isForced, reasons.contains("FORCED"));
        assertEquals(isTarget, reasons.contains("TARGET"));
        assertEquals(entry.get("count").asInt() > 0, reasons.contains("SAMPLED"));
      }
      assertEquals(20, counted);
      assertTrue(ids.containsAll(List.of(3, 5, position.get("nextToken").asInt())));
      assertTrue(position.get("normalisersAt").get("2.0").isNumber());
      String told = Command.run("inspect", out, "--sequence", 1, "--position", 7).succeeds().out();
      assertTrue(told.contains("top") && told.contains("sampled") && told.contains("forced"), told);
      assertTrue(
          Command.run("load", out, "--arrow", directory.resolve(layout + ".arrow"), "--json")
              .json()
              .has("contentDigest"));
    }
  }

  @Test
  void drawsHangOnTheSeedAloneAndOnlyDrawsDo() throws IOException {
    String once = digest(extract("a", "sample:9", "--seed", 1, "--targetParallelism=1"));
    assertEquals(once, digest(extract("b", "sample:9", "--seed", 1, "--targetParallelism=3")));
    assertEquals(once, digest(extract("c", "sample:9,seed=1", "--seed", 5)));
    assertNotEquals(once, digest(extract("d", "sample:9", "--seed", 2)));
    assertEquals(
        digest(extract("e", "top-k:2", "--seed", 1)), digest(extract("f", "top-k:2", "--seed", 2)));
    extract("a", "sample:9", "--seed", 2)
        .fails(1, "statistic: sample:9,seed=1 here, sample:9,seed=2 asked for");
  }

  private static String digest(Command made) throws IOException {
    return made.json().get("digest").asText();
  }

  @Test
  void whatIsWrongIsPointedAtAndNothingIsBegun() throws IOException {
    extract("x", "top-k:3+sampel:5")
        .fails(2, "at character 9:", "  top-k:3+sampel:5", "          ^ no part is named 'sampel'");
    extract("x", "sample:0").fails(2, "out of range");
    extract("x", "top-k:99999").fails(2, "choose k <=");
    extract("x", "forced:" + directory.resolve("none")).fails(1, "there is no file");
    Path bad = TestTexts.write(directory.resolve("bad.txt"), "1\n<tool_call>\n");
    extract("x", "forced:" + bad).fails(1, "bad.txt', line 2: '<tool_call>' is no token id");
    Path far = TestTexts.write(directory.resolve("far.txt"), "50000\n");
    extract("x", "forced:" + far).fails(1, "line 1: token id 50000 is outside the vocabulary");
    assertFalse(Files.exists(directory.resolve("x").resolve("work")), "nothing was begun");
  }

  /** The more is drawn, the nearer the mean gradient of what is loaded to full distillation's. */
  @Test
  void theEstimateFromADatasetConverges() throws IOException {
    extract("all", "top-k:" + TinyTokenizer.VOCABULARY).succeeds();
    double[] full = meanGradient("all");
    double[] errors = new double[3];
    for (int i = 0; i < errors.length; i++) {
      int draws = 4 << (6 * i); // 4, 256, 16,384: an eighth of the error each
      extract("n" + i, "top-k:2+sample:" + draws + "+target").succeeds();
      errors[i] = distance(meanGradient("n" + i), full) / distance(full, new double[full.length]);
    }
    assertTrue(errors[0] < 0.5, Arrays.toString(errors));
    assertTrue(errors[1] < errors[0] / 2, Arrays.toString(errors));
    assertTrue(errors[2] < errors[1] / 2, Arrays.toString(errors));
    assertTrue(errors[2] < 0.01, Arrays.toString(errors));
  }

  private double[] meanGradient(String name) throws IOException {
    Random random = new Random(1);
    double[] student = random.doubles(TinyTokenizer.VOCABULARY, -1, 1).toArray();
    double[] mean = new double[student.length];
    try (Dataset dataset = Dataset.open(directory.resolve(name).toString())) {
      StatisticSpec spec = dataset.statistic();
      StudentLoader loader = StudentLoader.open(dataset).seed(1).batch(4).start();
      while (loader.hasNext()) {
        StatisticsBatch batch = loader.next().statistics();
        BatchPositions positions = new BatchPositions(batch, spec);
        for (int slot = 0; slot < batch.tokens().slots(); slot++) {
          if (!batch.tokens().padding(slot)) {
            add(mean, gradient(positions.at(slot), spec, student));
          }
        }
      }
    }
    return mean;
  }

  private static double[] gradient(
      PositionStatistic teacher, StatisticSpec spec, double[] student) {
    if (spec.sample().isPresent()) {
      return UnionEstimate.of(teacher, student).gradient();
    }
    double[] logProbs = new double[student.length];
    Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
    for (int e = 0; e < teacher.ids().length; e++) {
      logProbs[teacher.ids()[e]] = teacher.logProbs()[e];
    }
    return FullDistillation.crossEntropy(logProbs, student).gradient();
  }

  private static void add(double[] into, double[] values) {
    for (int j = 0; j < into.length; j++) {
      into[j] += values[j];
    }
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return Math.sqrt(sum);
  }
}
