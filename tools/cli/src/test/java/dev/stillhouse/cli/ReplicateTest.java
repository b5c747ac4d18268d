package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** From where copies come, how fast, and at what price. */
class ReplicateTest {
  @TempDir Path directory;
  private Path home = Path.of("unset");
  private Path fra = Path.of("unset");

  @BeforeEach
  void inTwoRegions() throws IOException {
    home = directory.resolve("iad");
    fra = directory.resolve("fra");
    Path text = TestTexts.text(directory.resolve("book.txt"), 6000);
    TestDatasets.small(text, home, "--home", "iad", "--replicate-to", "fra=" + fra).succeeds();
  }

  private JsonNode replicate(String region, Object... options) throws IOException {
    List<Object> words = new ArrayList<>(List.of("replicate", home, "--json"));
    words.addAll(List.of("--to", directory.resolve(region), "--region", region));
    words.addAll(List.of(options));
    return Command.run(words.toArray()).json();
  }

  /** London is nearer to Frankfurt, Sao Paulo to Virginia. */
  @Test
  void copiesComeFromTheRegionThatCostsLeast() throws IOException {
    JsonNode london = replicate("lon");
    long bytes = london.get("bytes").asLong();
    assertTrue(entry(london, "fra", "bytes") > 0.8 * bytes, london.toString());
    assertTrue(entry(london, "fra", "dollars") > 0, london.toString());
    assertEquals((double) bytes, entry(london, "lon", "writtenBytes"), london.toString());
    assertTrue(entry(london, "lon", "dollars") > 0, "puts cost too");
    JsonNode saoPaulo = replicate("gru", "--policy", "dollars");
    assertTrue(entry(saoPaulo, "home", "bytes") > 0.8 * bytes, saoPaulo.toString());
  }

  @Test
  void whatIsWrongThereComesFromTheNext() throws IOException {
    Path shard = TestDatasets.anyFile(fra.resolve("shards"));
    TestDatasets.flip(shard, 300);
    Files.delete(TestDatasets.anyFile(fra.resolve("tokens")));
    replicate("lon");
    assertTrue(
        Command.run("verify", directory.resolve("lon"), "--json").json().get("ok").asBoolean());
  }

  @Test
  void noFasterThanAsked() throws IOException {
    JsonNode slow = replicate("nrt", "--megabytes-per-second", 0.05);
    double megabytes = slow.get("bytes").asLong() / 1e6;
    double largest = largestBlob() / 1e6; // The last read is not paid any more.
    assertTrue(
        slow.get("seconds").asDouble() > 0.9 * (megabytes - largest) / 0.05, slow.toString());
    assertEquals(
        megabytes / slow.get("seconds").asDouble(),
        slow.get("megabytesPerSecond").asDouble(),
        1e-6);
    assertTrue(megabytes - largest > 0.05, "there is something to wait for: " + slow);
  }

  private long largestBlob() throws IOException {
    long largest = 0;
    for (String folder : List.of("shards", "tokens", "teachers")) {
      for (Path file : TestDatasets.files(home.resolve(folder))) {
        largest = Math.max(largest, Files.size(file));
      }
    }
    return largest;
  }

  @Test
  void whereHomeIsCanBeSaidLater() throws IOException {
    replicate("nrt", "--home", "gru");
    JsonNode told = Command.run("load", home, "--from", "gru", "--json").json();
    assertTrue(entry(told, "home", "bytes") > 0, told.toString());
    assertEquals(0, entry(told, "fra", "bytes"), told.toString());
    double gets = entry(told, "home", "requests") + entry(told, "home", "looks");
    assertEquals(gets * 4e-7, entry(told, "home", "dollars"), 1e-12, "no byte costs: " + told);
    Command.run("replicate", home, "--to", directory.resolve("x"), "--home", "mars")
        .fails(2, "--home mars", "gru");
  }

  static double entry(JsonNode told, String region, String field) {
    for (JsonNode entry : told.get("ledger")) {
      if (entry.get("region").asText().equals(region)) {
        return entry.get(field).asDouble();
      }
    }
    return 0;
  }
}
