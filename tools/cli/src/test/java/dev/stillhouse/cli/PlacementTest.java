package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Extractions that put a dataset into several regions, some of which are away. */
class PlacementTest {
  private static final String VERSION_1 = "manifests/v00000000000000000001.json";

  @TempDir Path directory;
  private Path book = Path.of("unset");
  private Path out = Path.of("unset");
  private Path fra = Path.of("unset");
  private Path nrt = Path.of("unset");
  private Path file = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    book = TestTexts.text(directory.resolve("book.txt"), 6000);
    out = directory.resolve("iad");
    fra = directory.resolve("fra-place");
    file = Files.writeString(directory.resolve("file"), "a place that cannot be written");
    nrt = file.resolve("nrt");
  }

  private Command extract(Path corpus, Object... options) {
    List<Object> words = new ArrayList<>(List.of("--json", "--separator", "none"));
    words.addAll(List.of(options));
    return TestDatasets.small(corpus, out, words.toArray());
  }

  private String both() {
    return "fra=" + fra + ",nrt=" + nrt;
  }

  @Test
  void allRegionsHaveTheVersionAndKnowWhereHomeIs() throws IOException {
    Command made = extract(book, "--home", "iad", "--replicate-to", "fra=" + fra).succeeds();
    JsonNode region = made.json().get("regions").get(0);
    assertEquals("fra", region.get("region").asText());
    assertTrue(region.get("complete").asBoolean(), made.out());
    assertEquals(List.of(true), verified(fra));
    assertArrayEquals(
        Files.readAllBytes(out.resolve(VERSION_1)), Files.readAllBytes(fra.resolve(VERSION_1)));
    assertDollars(made.json(), "fra", "home");
    JsonNode loaded = Command.run("load", out, "--from", "fra", "--json").json();
    assertTrue(bytes(loaded, "fra") > bytes(loaded, "home"), "no --home: the dataset says it");
    assertTrue(dollars(loaded, "fra") > 0, loaded.toString());
    // Home is the list's: from there it is the nearest.
    JsonNode there = Command.run("load", out, "--from", "iad", "--json").json();
    assertEquals(0, bytes(there, "fra"), there.toString());

    Path more = TestTexts.write(directory.resolve("more.txt"), "and then more ".repeat(100));
    extract(more, "--append", "--replicate-to", "fra").succeeds();
    assertEquals(2, Command.run("inspect", fra, "--json").json().get("version").asInt());
    assertEquals(List.of(true), verified(fra));
    JsonNode again = extract(more, "--append", "--replicate-to", "fra").json();
    assertEquals(0, again.get("regions").get(0).get("copied").asInt(), again.toString());
  }

  @Test
  void tooFewCopiesCommitNothingAndKeepAll() throws IOException {
    Command failed =
        extract(book, "--replicate-to", both())
            .fails(1, "version 1 is not committed", "1 of 2 copies", "region nrt: ", "--copies 1");
    assertTrue(failed.err().contains("run the same command again"), failed.err());
    assertFalse(Files.exists(out.resolve(VERSION_1)));
    assertFalse(Files.exists(fra.resolve(VERSION_1)), "no region knows what home does not");
    List<Path> shards = TestDatasets.files(out.resolve("shards"));
    assertEquals(shards.size(), TestDatasets.files(fra.resolve("shards")).size(), "kept");
    Files.delete(file);
    JsonNode done = extract(book, "--replicate-to", both()).json();
    assertEquals(1, done.get("regions").get(0).get("copied").asInt(), "the manifest alone");
    assertTrue(done.get("regions").get(1).get("complete").asBoolean(), done.toString());
    assertEquals(List.of(true, true), verified(fra, nrt));
  }

  @Test
  void enoughCopiesCommitAndTheOtherIsTold() throws IOException {
    Command made = extract(book, "--replicate-to", both(), "--copies", 1).succeeds();
    assertTrue(made.err().contains("warning: region nrt does not have it"), made.err());
    assertTrue(
        made.err().contains("stillhouse replicate " + out + " --region nrt --to " + nrt),
        made.err());
    assertEquals(List.of(true), verified(fra));
    assertEquals(1, Command.run("inspect", out, "--json").json().get("version").asInt());
    // First in the list, and passed over for the next.
    Path other = directory.resolve("other");
    String nrtFirst = "gru=" + file.resolve("gru") + ",lon=" + other;
    Path more = TestTexts.write(directory.resolve("more.txt"), "and then more ".repeat(100));
    extract(more, "--append", "--replicate-to", nrtFirst, "--copies", 1).succeeds();
    assertEquals(2, Command.run("inspect", other, "--json").json().get("version").asInt());
    assertEquals(List.of(true), verified(other));
  }

  /** Run again when all is done, it brings what a region lacks. */
  @Test
  void aFinishedDatasetIsCompletedByTheSameCommand() throws IOException {
    extract(book).succeeds();
    extract(book, "--replicate-to", both())
        .fails(1, "version 1 is committed, in home; 1 of 2 copies", "region nrt: ");
    assertEquals(List.of(true), verified(out));
    JsonNode done = extract(book, "--replicate-to", "fra").json();
    assertTrue(done.get("regions").get(0).get("complete").asBoolean(), done.toString());
    assertEquals(List.of(true), verified(fra));
  }

  @Test
  void wrongUseIsSaidSo() throws IOException {
    extract(book, "--copies", 1).fails(2, "--copies 1", "need 0 to 0");
    extract(book, "--replicate-to", "fra=" + fra, "--copies", 2).fails(2, "need 0 to 1");
    extract(book, "--replicate-to", "fra").fails(2, "knows no region of this name", "fra=DATASET");
    extract(book, "--replicate-to", "fra=").fails(2, "nothing behind '='");
    extract(book, "--replicate-to", "home=" + fra).fails(2, "cannot be named 'home'");
    extract(book, "--replicate-to", "a=" + fra + ",a=" + nrt).fails(2, "region a twice");
    extract(book, "--replicate-to", "a=" + fra + ",b=" + fra).fails(2, "is region a already");
    extract(book, "--replicate-to", "a=" + out).fails(2, "is the dataset itself");
    extract(book, "--home", "mars").fails(2, "--home mars", "iad");
    extract(book, "--megabytes-per-second", 0).fails(2, "--megabytes-per-second 0");
    assertFalse(Files.exists(out), "nothing is begun");
    extract(book).succeeds();
    Path another = directory.resolve("another");
    Command.run("extract", "--tokens", out, "--layout", "rows", "--out", another).succeeds();
    Path third = directory.resolve("third");
    Command.run("extract", "--tokens", out, "--out", third, "--replicate-to", "x=" + another)
        .fails(1, "holds another dataset", "choose another --replicate-to");
    assertFalse(Files.exists(third), "nothing is begun");
  }

  private static List<Boolean> verified(Path... datasets) throws IOException {
    List<Boolean> ok = new ArrayList<>();
    for (Path dataset : datasets) {
      ok.add(Command.run("verify", dataset, "--json").json().get("ok").asBoolean());
    }
    return ok;
  }

  private static long bytes(JsonNode told, String region) {
    return entry(told, region).path("bytes").asLong();
  }

  private static double dollars(JsonNode told, String region) {
    return entry(told, region).path("dollars").asDouble();
  }

  private static JsonNode entry(JsonNode told, String region) {
    for (JsonNode entry : told.get("ledger")) {
      if (entry.get("region").asText().equals(region)) {
        return entry;
      }
    }
    return told.path("none");
  }

  private static void assertDollars(JsonNode told, String... regions) {
    for (String region : regions) {
      assertTrue(dollars(told, region) > 0, region + ": " + told);
    }
  }
}
