package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a reader says that it is, what it keeps, and what it is told when that makes no sense. */
class ReadingTest {
  @TempDir static Path directory;
  private static Path dataset = Path.of("unset");

  @BeforeAll
  static void extract() throws IOException {
    dataset = directory.resolve("dataset");
    Path text = TestTexts.text(directory.resolve("book.txt"), 6000);
    Command.line(
            "extract --corpus %s --out %s --statistic top-k:4 --sequence-length 64", text, dataset)
        .succeeds();
    Command.run("replicate", dataset, "--to", directory.resolve("copy"), "--region", "fra")
        .succeeds();
  }

  private static JsonNode load(Object... options) throws IOException {
    Object[] all = new Object[options.length + 3];
    all[0] = "load";
    all[1] = dataset;
    all[2] = "--json";
    System.arraycopy(options, 0, all, 3, options.length);
    return Command.run(all).json();
  }

  @Test
  void theSameEpochFromEverywhereAtItsPrice() throws IOException {
    JsonNode here = load();
    JsonNode frankfurt = load("--from", "fra", "--policy", "dollars");
    JsonNode virginia = load("--from", "iad", "--home", "iad");
    for (JsonNode there : new JsonNode[] {frankfurt, virginia}) {
      assertEquals(here.get("digest"), there.get("digest"));
      assertEquals(here.get("contentDigest"), there.get("contentDigest"));
    }
    JsonNode last = virginia.get("ledger").get(virginia.get("ledger").size() - 1);
    assertEquals("home", last.get("region").asText());
    assertTrue(last.get("dollars").asDouble() > 0, last.toString());
    assertTrue(last.get("linkSeconds").asDouble() > 0, last.toString());
    assertEquals(
        "fra", frankfurt.get("ledger").get(0).get("region").asText(), frankfurt.toString());
  }

  @Test
  void whatIsCachedIsReadNoMore() throws IOException {
    Path cache = directory.resolve("cache");
    JsonNode first = load("--cache", cache, "--seed", 1);
    JsonNode second = load("--cache", cache, "--seed", 2);
    assertTrue(bytes(second) < bytes(first) / 3, bytes(first) + " then " + bytes(second));
    MoreFiles.deleteRecursively(cache, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  private static long bytes(JsonNode told) {
    long bytes = 0;
    for (JsonNode entry : told.get("ledger")) {
      bytes += entry.get("bytes").asLong();
    }
    return bytes;
  }

  @Test
  void whatMakesNoSenseIsTold() throws IOException {
    Command.run("load", dataset, "--policy", "dollars").fails(2, "--from");
    Command.run("load", dataset, "--from", "mars").fails(2, "mars", "iad");
    Command.run("load", dataset, "--from", "nrt", "--home", "mars").fails(2, "mars");
    Command.run("load", dataset, "--from", "nrt", "--policy", "soon").fails(2, "'soon'", "dollars");
    Command.run("load", dataset, "--from", "nrt", "--in-flight", 0).fails(2, "--in-flight 0");
    Path missing = directory.resolve("no.json");
    Command.run("load", dataset, "--from", "nrt", "--topology", missing).fails(1, "no such file");
    Path broken = Files.writeString(directory.resolve("broken.json"), "{\"regions\": 3}");
    Command.run("load", dataset, "--from", "nrt", "--topology", broken).fails(1, "broken.json");
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    Command.run("load", dataset, "--cache", file).succeeds();
  }
}
