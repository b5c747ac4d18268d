package dev.stillhouse.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.cli.Command;
import dev.stillhouse.cli.TestTexts;
import dev.stillhouse.cli.TinyTokenizer;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.Layouts;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What {@code bench layouts} promises; never how fast. */
@Tag("slow")
class BenchLayoutsTest {
  @TempDir static Path directory;
  private static Path dataset = Path.of("unset");
  private static Path html = Path.of("unset");
  private static Path arrays = Path.of("unset");
  private static JsonNode drawn = NullNode.getInstance();

  @BeforeAll
  static void make() throws IOException {
    dataset = directory.resolve("dataset");
    Command.run(
            "extract",
            "--corpus",
            TestTexts.text(directory.resolve("book.txt"), 6_000),
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
    html = directory.resolve("report.html");
    arrays = directory.resolve("arrays.npz");
    drawn = rows("--positions", 128, "--report", html, "--export", arrays);
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
        List.of(
            "megatron's record",
            "arrow ipc, zstd",
            "vortex",
            "lance",
            "parquet, snappy",
            "static prior"));
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
              "idBytesPerPosition",
              "logProbBytesPerPosition")) {
        assertTrue(row.get(figure).asDouble() > 0, figure + ": " + row);
      }
      double parts =
          row.get("entryBytesPerPosition").asDouble()
              + row.path("restBytesPerPosition").asDouble()
              + row.get("containerBytesPerPosition").asDouble();
      assertEquals(row.get("bytesPerPosition").asDouble(), parts, 1e-9, row.toString());
      assertTrue(row.get("meanDivergenceNats").asDouble() < 1e-3, row.toString());
      boolean tellsRanges = !List.of("vortex", "lance").contains(row.get("name").asText());
      assertEquals(tellsRanges, row.has("requestsPerRandomBatch"), row.toString());
      if (tellsRanges) {
        fetches(row);
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

  private static void fetches(JsonNode row) {
    assertTrue(row.get("bestEightBytesOverAll").asDouble() > 0, row.toString());
    assertTrue(row.get("requestsPerRandomBatch").asDouble() >= 1, row.toString());
    assertTrue(row.get("randomSequenceBytesOverNeeded").asDouble() > 0.5, row.toString());
    for (String link : ImmutableList.of("75ms", "233ms")) {
      double ordered = row.get("epochSecondsAt" + link).asDouble();
      assertTrue(ordered > 0 && ordered <= row.get("shuffledEpochSecondsAt" + link).asDouble());
      assertTrue(row.get("epochDollarsAt" + link).asDouble() > 0, row.toString());
      assertTrue(row.get("shuffledEpochDollarsAt" + link).asDouble() > 0, row.toString());
    }
  }

  @Test
  void positionsAreTakenInWholeSequencesFromTheFirst() throws IOException {
    for (JsonNode row : rows("--positions", 100, "--layouts", "rows")) {
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
  void theReportNeedsNothingElse() throws Exception {
    String text = Files.readString(html);
    for (String name : drawn.findValuesAsText("name")) {
      assertTrue(text.contains(name), name);
    }
    assertFalse(text.matches("(?is).*(<script|<link|<img|<iframe|@import|url\\(|src=|href=).*"));
    assertEquals(
        text.split("http", -1).length,
        text.split("xmlns=\"http://www.w3.org/2000/svg\"", -1).length,
        "no address but the name of SVG");
    assertTrue(text.contains("prefers-color-scheme: dark"));
    // Well-formed, and every text within is a text.
    DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    Document page = builder.parse(new InputSource(new StringReader(text)));
    assertEquals(6, page.getElementsByTagName("svg").getLength());
    assertEquals(2, page.getElementsByTagName("table").getLength());
    Command.run("bench", "layouts", dataset, "--report", directory.resolve("no/where.html"))
        .fails(2, "where.html", "directory");
  }

  @Test
  void arraysGoToPython() throws IOException {
    Map<String, Integer> lengths = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(arrays))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        lengths.put(e.getName(), zip.readAllBytes().length);
      }
    }
    assertEquals(128 + 4 * 128, lengths.get("tokens.npy"));
    for (JsonNode row : drawn) {
      if (!row.get("kind").asText().equals("estimate")) {
        for (String array : List.of("ids", "log_probs")) {
          String name = row.get("name").asText() + "/" + array + ".npy";
          assertEquals(lengths.get(array + ".npy"), lengths.get(name), name);
        }
      }
    }
    assertTrue(lengths.containsKey("figures/name.npy"), lengths.toString());
    assertEquals(128 + 8 * drawn.size(), lengths.get("figures/bytesPerPosition.npy"));
    Command.run("bench", "layouts", dataset, "--export", directory).fails(2, "need a file");
  }

  /** The demo's own text and both teachers; few positions, since time is not what is tested. */
  @Test
  void theTableOfGenerationsIsWrittenIntoItsPage() throws IOException {
    Path page = directory.resolve("page.md");
    Files.copy(Path.of("../../docs/design/generations/README.md"), page);
    Command.run("bench", "layouts", "--generations", page, "--positions", 512, "--seconds", 0)
        .succeeds();
    String table = Files.readString(page);
    for (String name : Layouts.names()) {
      assertTrue(table.contains("[" + name + "](" + name + ".md) | "), table);
    }
    assertTrue(table.contains("the first 1 sequences of 512"), table);
    String picture = Files.readString(directory.resolve("generations.svg"));
    for (String name : Layouts.names()) {
      assertTrue(picture.contains(" " + name + ": "), picture);
    }
    Command.run("bench", "layouts", dataset, "--generations", page).fails(2, "DATASET");
    Command.run("bench", "layouts", "--generations", directory.resolve("none.md"))
        .fails(2, "none.md", "no such page");
    Files.writeString(page, "without a place");
    Command.run("bench", "layouts", "--generations", page).fails(2, "page.md: need the lines");
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
