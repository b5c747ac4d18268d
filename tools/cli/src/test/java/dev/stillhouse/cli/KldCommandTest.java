package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.pipeline.teacher.kld.KldWriter;
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

  private static float[] row(int token) {
    float[] logProbs = new float[V];
    double sum = 0;
    for (int id = 0; id < V; id++) {
      sum += Math.exp(-0.5 * ((id + token) % V));
    }
    for (int id = 0; id < V; id++) {
      logProbs[id] = (float) (-0.5 * ((id + token) % V) - Math.log(sum));
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
