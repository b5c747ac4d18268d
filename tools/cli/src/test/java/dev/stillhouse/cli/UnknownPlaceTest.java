package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica of which the topology does not know where it is comes last, is placed, or forgotten.
 */
class UnknownPlaceTest {
  @TempDir Path directory;
  private Path home = Path.of("unset");

  @BeforeEach
  void replicate() throws IOException {
    home = directory.resolve("d");
    Path text = TestTexts.text(directory.resolve("a.txt"), 3000);
    Command.run("extract", "--corpus", text, "--out", home, "--sequence-length", 64).succeeds();
    Command.run("replicate", home, "--to", directory.resolve("fra"), "--home", "iad").succeeds();
    Command copied = Command.run("replicate", home, "--to", directory.resolve("my-copy"));
    assertTrue(copied.succeeds().out().contains("does not know where my-copy is"), copied.out());
  }

  private JsonNode load(String from) throws IOException {
    return Command.run("load", home, "--from", from, "--json").json();
  }

  @Test
  void readsFromKnownRegionsGoOn() throws IOException {
    String digest = load("iad").get("contentDigest").asText();
    JsonNode fra = load("fra");
    assertEquals(digest, fra.get("contentDigest").asText());
    assertEquals(0, ReplicateTest.entry(fra, "my-copy", "bytes"), fra.toString());
    assertTrue(ReplicateTest.entry(fra, "fra", "bytes") > 0, fra.toString());
    Command.run("load", home, "--from", "my-copy").fails(2, "my-copy", "its regions");
  }

  @Test
  void itIsPlacedOrForgotten() throws IOException {
    Command.run("replicate", home, "--rename", "my-copy=nrt").succeeds();
    assertTrue(ReplicateTest.entry(load("nrt"), "nrt", "bytes") > 0);
    Command.run("replicate", home, "--rename", "gone=lon").fails(1, "no region gone", "fra, nrt");
    Command.run("replicate", home, "--rename", "fra=nrt").fails(1, "nrt", "twice");
    Command.run("replicate", home, "--forget", "nrt").succeeds();
    assertFalse(Command.run("verify", home).succeeds().out().contains("nrt"));
    Command.run("verify", directory.resolve("my-copy")).succeeds();
    Command.run("replicate", home).fails(2, "--to", "--rename", "--forget");
  }
}
