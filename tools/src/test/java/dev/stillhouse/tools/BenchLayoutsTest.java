package dev.stillhouse.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.Layouts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bench layouts} promises; never how fast. */
class BenchLayoutsTest {
  @TempDir static Path directory;
  private static Path dataset = Path.of("unset");

  @BeforeAll
  static void make() throws IOException {
    dataset = directory.resolve("dataset");
    Command.run(
            "extract",
            "--corpus",
            Samples.text(directory.resolve("book.txt"), 6_000),
            "--tokenizer",
            TinyTokenizer.write(directory.resolve("tokenizer.json")),
            "--statistic",
            "top-k:12",
            "--layout",
            "rows",
            "--sequence-length",
            64,
            "--shard-sequences",
            16,
            "--out",
            dataset)
        .succeeds();
  }

  private static JsonNode rows(Object... more) throws IOException {
    List<Object> words = new ArrayList<>(List.of("bench", "layouts", dataset, "--seconds", 0));
    words.addAll(List.of(more));
    words.add("--json");
    return Command.run(words.toArray()).json().get("rows");
  }

  @Test
  void everyLayoutThatIsPresentAndItsRivals() throws IOException {
    JsonNode rows = rows();
    List<String> names = new ArrayList<>(Layouts.names());
    names.addAll(List.of("megatron's record", "parquet, snappy", "static prior"));
    assertEquals(names, rows.findValuesAsText("name"));
    assertEquals(List.copyOf(Layouts.names()), rows.findValuesAsText("layout"));
    for (JsonNode row : rows) {
      assertFalse(row.has("cannotHold"), row.toString());
      assertEquals("top-k:12", row.get("statistic").asText());
      assertTrue(row.get("entryBytesPerPosition").asDouble() > 0, row.toString());
      if (row.get("kind").asText().equals("estimate")) {
        continue;
      }
      for (String figure :
          ImmutableList.of(
              "writtenPositionsPerSecond",
              "readPositionsPerSecond",
              "randomSequencesPerSecond",
              "bestEightBytesOverAll")) {
        assertTrue(row.get(figure).asDouble() > 0, figure + ": " + row);
      }
      assertTrue(row.get("requestsPerRandomBatch").asDouble() >= 1, row.toString());
      assertTrue(row.get("randomSequenceBytesOverNeeded").asDouble() > 0.5, row.toString());
      double parts =
          row.get("entryBytesPerPosition").asDouble()
              + row.path("restBytesPerPosition").asDouble()
              + row.get("containerBytesPerPosition").asDouble();
      assertEquals(row.get("bytesPerPosition").asDouble(), parts, 1e-9, row.toString());
      assertTrue(row.get("meanDivergenceNats").asDouble() < 1e-3, row.toString());
      double error = row.get("largestErrorNats").asDouble();
      if (row.has("layout")) {
        Layout layout = Layouts.named(row.get("layout").asText());
        assertTrue(error <= layout.bound(-30), row.toString());
      }
    }
    JsonNode plain = rows.get(names.size() - 2);
    assertEquals(0, plain.get("largestErrorNats").asDouble());
    assertEquals(0, plain.get("meanDivergenceNats").asDouble());
    assertTrue(plain.get("idBytesPerPosition").asDouble() > 0, plain.toString());
  }

  @Test
  void positionsAreTakenInWholeSequencesFromTheFirst() throws IOException {
    for (JsonNode row : rows("--positions", 100)) {
      assertEquals(128, row.get("positions").asInt(), row.toString());
    }
    Command told = Command.run("bench", "layouts", dataset, "--seconds", 0, "--positions", 64);
    for (String name : Layouts.names()) {
      assertEquals(2, told.out().lines().filter(line -> line.startsWith(name + " ")).count(), name);
    }
    assertTrue(told.out().lines().allMatch(line -> line.length() <= 120), told.out());
  }

  @Test
  void whatCannotBeMeasuredIsTold() {
    Command.run("bench", "layouts", directory.resolve("none")).fails(1, "none");
    Command.run("bench", "layouts").fails(2, "DATASET");
    Command.run("bench", "layouts", dataset, "--positions", 0).fails(2, "--positions 0");
    Command.run("bench", "layouts", dataset, "--seconds", "NaN").fails(2, "--seconds NaN");
    Command.run("bench", "layouts", "--help").succeeds();
  }
}
