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
    List<String> names = new ArrayList<>(Layouts.generations());
    names.addAll(List.of("adaptive:bound=0.002", "adaptive:bound=0.05"));
    assertEquals(names, rows.findValuesAsText("layout"));
    names.addAll(
        List.of("megatron's record", "arrow ipc, zstd", "parquet, snappy", "static prior"));
    assertEquals(names, rows.findValuesAsText("name"));
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
      for (String link : ImmutableList.of("75ms", "233ms")) {
        double ordered = row.get("epochSecondsAt" + link).asDouble();
        assertTrue(ordered > 0 && ordered <= row.get("shuffledEpochSecondsAt" + link).asDouble());
        assertTrue(row.get("epochDollarsAt" + link).asDouble() > 0, row.toString());
        assertTrue(row.get("shuffledEpochDollarsAt" + link).asDouble() > 0, row.toString());
      }
      assertTrue(row.get("byTailOverFixed").asDouble() > 0, row.toString());
      assertTrue(row.get("entriesPerPositionByTail").asDouble() <= 12, row.toString());
      double error = row.get("largestErrorNats").asDouble();
      if (row.has("layout")) {
        assertTrue(row.get("heapMegabytesToReadShard").asDouble() > 0, row.toString());
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
      assertEquals(3, told.out().lines().filter(line -> line.startsWith(name + " ")).count(), name);
    }
    for (String goal :
        ImmutableList.of("over Megatron's record", "over columns", "over a static prior")) {
      assertTrue(told.out().contains("adaptive: ids and log-probs " + goal), told.out());
    }
    assertTrue(told.out().lines().allMatch(line -> line.length() <= 120), told.out());
  }

  @Test
  void layoutsAreThoseThatAreNamed() throws IOException {
    JsonNode rows = rows("--layouts", "planes,adaptive:bound=0.5", "--positions", 64);
    assertEquals(List.of("planes", "adaptive:bound=0.5"), rows.findValuesAsText("layout"));
    double error = rows.get(1).get("largestErrorNats").asDouble();
    assertTrue(error > 0.01 && error <= 0.5, rows.get(1).toString());
  }

  @Test
  void withoutADatasetTheDemosTextIsRead() throws IOException {
    JsonNode report =
        Command.run(
                "bench",
                "layouts",
                "--teacher",
                "ngram",
                "--positions",
                512,
                "--seconds",
                0,
                "--layouts",
                "columns",
                "--json")
            .json();
    JsonNode row = report.get("rows").get(0);
    assertEquals(50_257, row.get("vocabulary").asInt());
    assertTrue(row.get("teacher").asText().startsWith("ngram"), row.toString());
    // A n-gram's dataset is written exactly, so that columns' own rounding is seen.
    assertTrue(row.get("largestErrorNats").asDouble() > 0, row.toString());
  }

  @Test
  void whatCannotBeMeasuredIsTold() {
    Command.run("bench", "layouts", directory.resolve("none")).fails(1, "none");
    Command.run("bench", "layouts", "--teacher", "gpt-5")
        .fails(2, "--teacher gpt-5", "minigpt and ngram");
    Command.run("bench", "layouts", dataset, "--teacher", "ngram")
        .fails(2, "--teacher ngram", "its own");
    Command.run("bench", "layouts", dataset, "--layouts", "rows,colums").fails(2, "'colums'");
    Command.run("bench", "layouts", dataset, "--layouts", "adaptive:bound=x").fails(2, "bound=x");
    Command.run("bench", "layouts", dataset, "--layouts", "rows,rows")
        .fails(2, "rows,rows", "once");
    Command.run("bench", "layouts", dataset, "--positions", 0).fails(2, "--positions 0");
    Command.run("bench", "layouts", dataset, "--seconds", "NaN").fails(2, "--seconds NaN");
    Command.run("bench", "layouts", "--help").succeeds();
  }
}
