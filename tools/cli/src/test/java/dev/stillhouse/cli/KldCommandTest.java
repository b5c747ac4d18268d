package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.pipeline.teacher.kld.KldWriter;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Projection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of llama.cpp becomes a dataset of its own tokens, with any statistic. */
class KldCommandTest {
  private static final int V = TinyTokenizer.VOCABULARY;

  @TempDir Path directory;
  private Path file = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(1);
    int[][] tokens = new int[9][];
    for (int chunk = 0; chunk < tokens.length; chunk++) {
      tokens[chunk] = random.ints(40, 0, V).toArray();
    }
    file =
        KldWriter.write(
            directory.resolve("base.kld"), V, tokens, (chunk, position) -> row(chunk[position]));
    TinyTokenizer.write(directory.resolve("tokenizer.json"));
  }

  private static int[] ids(int seed) {
    return new Random(seed).ints(40, 0, V).toArray();
  }

  private static float[] row(int token) {
    return row(token, 0.5);
  }

  /** Returns log-probs that fall by a number of nats from one id to the next. */
  private static float[] row(int token, double step) {
    float[] logProbs = new float[V];
    double sum = 0;
    for (int id = 0; id < V; id++) {
      sum += Math.exp(-step * ((id + token) % V));
    }
    for (int id = 0; id < V; id++) {
      logProbs[id] = (float) (-step * ((id + token) % V) - Math.log(sum));
    }
    return logProbs;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-k:5",
        "top-p:0.9,max=20+target",
        "sample:8",
        "top-k:3+sample:4,temperature=0.7+target+normaliser-at:2.0"
      })
  void everyStatisticIsVerifiedInEveryLayout(String statistic) throws IOException {
    Path out = directory.resolve("out");
    Command made =
        Command.line(
            "extract --json --teacher %s --statistic %s --out %s", "kld:" + file, statistic, out);
    JsonNode told = made.json();
    assertEquals(9 * 40, told.get("positions").asInt());
    assertEquals("unknown", told.get("tokenizer").asText());
    assertTrue(made.err().contains("it has rows for positions 20 to 38 of each chunk"), made.err());
    Command.run("verify", out).succeeds();
    for (String layout : new String[] {"rows", "planes", "adaptive"}) {
      Path other = directory.resolve(layout);
      Command.run("migrate", out, "--layout", layout, "--out", other).succeeds();
      Command.run("verify", other).succeeds();
    }
  }

  /** What the file has lost, and how the kernel corrected it, stays with the dataset. */
  @Test
  void theManifestSaysHowExactTheFileIs() throws IOException {
    int[][] tokens = new Random(2).ints(9, 0, V).mapToObj(id -> ids(id)).toArray(int[][]::new);
    Path steep = directory.resolve("steep.kld");
    KldWriter.write(steep, V, tokens, (chunk, position) -> row(chunk[position], 8));
    Path out = directory.resolve("noted");
    JsonNode told =
        Command.line("extract --json --teacher %s --out %s", "kld:" + steep, out).json();
    JsonNode note = told.get("teacherNotes").get(0);
    assertEquals(1.3e-4, note.get("boundNats").asDouble());
    assertEquals(16, note.get("clampNats").asDouble());
    double largest = largestMass(out) - 1;
    assertEquals(largest, note.get("largestExcess").asDouble(), 1e-7);
    assertTrue(largest > 0 && note.get("excessPositions").asLong() > 0, note.toString());
    assertTrue(note.get("excessPositions").asLong() <= 9 * 19, note.toString());
    Path other = directory.resolve("other");
    Command.run("migrate", out, "--layout", "rows", "--out", other).succeeds();
    for (Path made : new Path[] {out, other}) {
      JsonNode manifest =
          new ObjectMapper()
              .readTree(made.resolve("manifests/v00000000000000000001.json").toFile());
      assertEquals(note, manifest.get("teacherNotes").get(0));
      assertFalse(manifest.get("shards").get(0).has("teacherNotes"));
    }
  }

  /** Returns the largest mass of a position before it was corrected, of the kept normalisers. */
  private static double largestMass(Path dataset) {
    double largest = 0;
    try (Dataset opened = Dataset.open(dataset.toString())) {
      for (float normaliser : opened.read(0, 9, Projection.ALL).logNormaliser()) {
        largest = normaliser > 0 ? Math.max(largest, Math.exp(normaliser)) : largest;
      }
    }
    return largest;
  }

  @Test
  void aTokenizerThatIsNamedIsKept() {
    Path out = directory.resolve("named");
    Command.line(
            "extract --teacher %s --tokenizer %s --out %s",
            "kld:" + file, directory.resolve("tokenizer.json"), out)
        .succeeds();
    Command.run("inspect", out, "--sequence", 0, "--position", 25).succeeds();
    Command.line("extract --teacher %s --tokenizer gpt2 --out %s", "kld:" + file, out)
        .fails(1, "tokenizer gpt2 has 50257 ids", "rows of 98");
  }
}
