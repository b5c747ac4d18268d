package dev.stillhouse.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What benchmarks promise to programs; never how fast. */
class BenchTest {
  @TempDir Path directory;

  @Test
  void packingTellsMachineAndFigures() throws IOException {
    Path text = Samples.text(directory.resolve("a.txt"), 3000);
    JsonNode told =
        Command.run("bench", "packing", "--corpus", text, "--rounds", 1, "--json").json();
    assertTrue(told.get("machine").get("cores").asInt() >= 1, told.toString());
    assertTrue(told.get("machine").hasNonNull("cpu") && told.get("machine").hasNonNull("jdk"));
    JsonNode row = told.get("rows").get(0);
    assertEquals("gpt2", row.get("tokenizer").asText());
    assertTrue(row.get("megabytesPerSecond").asDouble() > 0, row.toString());
  }

  @Test
  void whatIsNoBenchmarkIsToldWithThosePresent() {
    Command.run("bench").fails(2, "benchmark's name");
    Command.run("bench", "--help").succeeds();
    Command.run("bench", "onnx", "--teacher", "ngram").fails(2, "--teacher onnx:FILE");
    Command.run("bench", "packing", "--corpus", directory, "--rounds", 0).fails(2, "--rounds 0");
  }
}
