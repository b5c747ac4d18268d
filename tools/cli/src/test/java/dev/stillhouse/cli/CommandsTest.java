package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.extract.Extractors;
import dev.stillhouse.storage.layout.Layouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a person and a program use them, on one small dataset. */
class CommandsTest {
  private static final ImmutableList<String> SUMMARY =
      ImmutableList.of(
          "dataset",
          "version",
          "digest",
          "fingerprint",
          "layout",
          "statistic",
          "teacher",
          "tokenizer",
          "vocabulary",
          "shards",
          "sequences",
          "positions",
          "bytes",
          "seconds",
          "meanTargetLogProb",
          "meanEntropy",
          "meanTailMass",
          "skipped",
          "origins",
          "rounded",
          "ledger");

  @TempDir static Path directory;
  private static Path columns = Path.of("unset");
  private static JsonNode extracted = new ObjectMapper().nullNode();

  @BeforeAll
  static void extract() throws IOException {
    assertTrue(Extractors.vector(), "plain loops run here, not vectors");
    Path text = TestTexts.text(directory.resolve("book.txt"), 12_000);
    columns = directory.resolve("columns");
    extracted = TestDatasets.columns(text, columns).json();
  }

  @Test
  void extractTellsWhatItMade() {
    assertEquals(SUMMARY, ImmutableList.copyOf(extracted.fieldNames()));
    assertEquals(50_257, extracted.get("vocabulary").asInt());
    assertEquals("top-k:16", extracted.get("statistic").asText());
    assertTrue(extracted.get("shards").asInt() >= 3, extracted.toString());
    double target = extracted.get("meanTargetLogProb").asDouble();
    assertTrue(target < -0.5 && target > -6, "mean target log-prob " + target);
  }

  @Test
  void extractAgainDoesNothing() throws IOException {
    Path text = directory.resolve("book.txt");
    JsonNode again = TestDatasets.columns(text, columns).json();
    assertEquals(extracted.get("digest"), again.get("digest"));
    assertEquals(1, again.get("version").asInt());
  }

  @Test
  void aDryRunTellsAndWritesNothing() throws IOException {
    Path text = directory.resolve("book.txt");
    Path out = directory.resolve("never");
    JsonNode told =
        Command.line(
                "extract --dry-run --json --corpus %s --out %s --statistic top-k:16 "
                    + "--sequence-length 128",
                text, out)
            .json();
    assertFalse(Files.exists(out));
    assertEquals(extracted.get("sequences"), told.get("sequences"));
    assertEquals(extracted.get("positions").asLong(), told.get("positions").asLong());
    assertEquals(ImmutableList.copyOf(Layouts.names()), told.findValuesAsText("layout"));
    double bytes = extracted.get("bytes").asDouble(); // of three shards; the estimate is of one
    int columns = told.findValuesAsText("layout").indexOf("columns");
    assertEquals(bytes, told.get("layouts").get(columns).get("bytes").asDouble(), 0.5 * bytes);
    assertTrue(told.get("layouts").get(1).get("seconds").asDouble() > 0, told.toString());
  }

  @Test
  void inspectTellsTheSame() throws IOException {
    JsonNode told = Command.run("inspect", "--json", columns).json();
    assertEquals(SUMMARY, ImmutableList.copyOf(told.fieldNames()));
    assertEquals(extracted.get("digest"), told.get("digest"));
    assertEquals(extracted.get("positions"), told.get("positions"));
  }

  @Test
  void inspectShowsAPosition() throws IOException {
    JsonNode told =
        Command.run("inspect", columns, "--sequence", 9, "--position", 5, "--json").json();
    assertEquals("book.txt", told.get("source").get("file").asText());
    assertEquals(0, told.get("source").get("document").asLong());
    assertEquals(16, told.get("entries").size());
    assertTrue(told.get("entries").get(0).hasNonNull("text"));
    assertTrue(told.get("targetLogProb").asDouble() < 0);
    String shown =
        Command.run("inspect", columns, "--sequence", 9, "--position", 5).succeeds().out();
    assertTrue(shown.contains("book.txt, document 0") && shown.contains("not kept"), shown);
    assertTrue(shown.contains("#"), shown);
  }

  @Test
  void inspectShowsThatPaddingSaysNothing() throws IOException {
    long last = extracted.get("sequences").asLong() - 1;
    JsonNode told =
        Command.run("inspect", columns, "--sequence", last, "--position", 127, "--json").json();
    assertTrue(told.get("source").isNull() && told.get("targetLogProb").isNull(), told.toString());
    assertEquals(0, told.get("entries").size());
  }

  @Test
  void verifyFindsNothing() throws IOException {
    JsonNode told = Command.run("verify", columns, "--json").json();
    assertTrue(told.get("ok").asBoolean());
    assertEquals(extracted.get("shards"), told.get("shards"));
    assertEquals(0, told.get("damaged").size());
  }

  @Test
  void verifyNamesADamagedShard() throws IOException {
    Path copy = directory.resolve("damaged");
    TestDatasets.copy(columns, copy);
    Path shard = TestDatasets.anyFile(copy.resolve("shards"));
    TestDatasets.flip(shard);
    Command command = Command.run("verify", copy, "--json");
    assertEquals(1, command.code());
    JsonNode damaged = new ObjectMapper().readTree(command.out());
    assertEquals(
        "shards/" + shard.getFileName(), damaged.get("damaged").get(0).get("blob").asText());
    assertEquals("home", damaged.get("damaged").get(0).get("region").asText());
    Command.run("load", copy).fails(1, shard.getFileName(), "CRC32C", "offset");
  }

  @Test
  void rowsFromTheSameTokenShardsKeepFingerprintAndOrder() throws IOException {
    Path rows = directory.resolve("rows");
    JsonNode made =
        Command.line(
                "extract --json --tokens %s --layout rows --out %s --statistic top-k:16",
                columns, rows)
            .json();
    assertEquals(extracted.get("fingerprint"), made.get("fingerprint"));
    assertNotEquals(extracted.get("digest"), made.get("digest"));
    assertTrue(Command.run("verify", rows, "--json").json().get("ok").asBoolean());
    assertEquals(
        Command.run("load", columns, "--json").json().get("digest"),
        Command.run("load", rows, "--json").json().get("digest"));
  }
}
