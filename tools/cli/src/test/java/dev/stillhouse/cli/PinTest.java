package dev.stillhouse.cli;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that somebody holds. */
@Tag("slow")
class PinTest {
  @TempDir Path directory;
  private Path dataset = Path.of("unset");

  @BeforeEach
  void twoVersions() throws IOException {
    dataset = directory.resolve("dataset");
    extract(TestTexts.text(directory.resolve("book.txt"), 3000));
    extract(TestTexts.write(directory.resolve("more.txt"), "more ".repeat(100)), "--append");
  }

  private void extract(Path corpus, Object... options) {
    List<Object> words = new ArrayList<>(List.of("extract", "--corpus", corpus));
    words.addAll(List.of("--out", dataset, "--statistic", "top-k:4", "--sequence-length", 64));
    words.addAll(List.of(options));
    Command.run(words.toArray()).succeeds();
  }

  private JsonNode pin(Object... options) throws IOException {
    List<Object> words = new ArrayList<>(List.of("pin", dataset, "--json"));
    words.addAll(List.of(options));
    return Command.run(words.toArray()).json();
  }

  @Test
  void aPinnedVersionStaysUntilItIsLetGo() throws IOException {
    JsonNode put =
        pin("--dataset-version", 1, "--days", 7, "--for", "Student 7's thesis", "--from", "iad");
    String id = put.get("pins").get(0).get("id").asText();
    assertTrue(id.matches("student-7-s-thesis-[0-9a-f]{8}"), id);
    assertTrue(put.get("ledger").get(0).get("dollars").asDouble() > 0, put.toString());
    JsonNode told = pin("--list").get("pins").get(0);
    assertEquals(1, told.get("version").asInt());
    assertEquals("Student 7's thesis", told.get("reason").asText());
    assertFalse(told.get("expired").asBoolean());
    Command.run("gc", dataset, "--keep", 1, "--grace", "0s", "--delete").succeeds();
    Command.run("inspect", dataset, "--dataset-version", 1).succeeds();
    Command.run("pin", dataset, "--remove", "nobody").fails(1, "no pin 'nobody'", id);
    Command.run("pin", dataset, "--remove", "../" + id).fails(1, "no pin");
    assertEquals(id, pin("--remove", id).get("removed").get(0).get("id").asText());
    assertEquals(0, pin("--list").get("pins").size());
    Command.run("gc", dataset, "--keep", 1, "--grace", "0s", "--delete").succeeds();
    Command.run("inspect", dataset, "--dataset-version", 1).fails(1, "no version 1");
  }

  @Test
  void theNewestIsPinnedWhereNoneIsNamed() throws IOException {
    JsonNode put = pin("--days", 1, "--for", "日本");
    assertEquals(2, put.get("pins").get(0).get("version").asInt());
    assertTrue(put.get("pins").get(0).get("id").asText().matches("[0-9a-f]{8}"), put.toString());
    String said = Command.run("pin", dataset, "--list").succeeds().out();
    assertTrue(said.contains("version 2 until ") && said.contains("for: 日本"), said);
  }

  @Test
  void whatIsNoPinIsToldAndOldOnesAreRead() throws IOException {
    Files.createDirectories(dataset.resolve("pins"));
    TestTexts.write(
        dataset.resolve("pins/old.json"),
        "{\"format\": \"stillhouse-pin-1\", \"version\": 1, \"expires\":"
            + " \"2020-01-31T12:00:00Z\"}");
    TestTexts.write(dataset.resolve("pins/bad.json"), "hello");
    Command told = Command.run("pin", dataset, "--list").succeeds();
    assertTrue(told.out().contains("old  version 1 EXPIRED 2020-01-31"), told.out());
    assertTrue(told.out().contains("NO PIN: pins/bad.json"), told.out());
  }

  @Test
  void wrongUseIsSaidSo() {
    Command.run("pin", dataset).fails(2, "--days D --for TEXT");
    Command.run("pin", dataset, "--days", 3).fails(2, "--for TEXT");
    Command.run("pin", dataset, "--for", "x").fails(2, "--days D");
    Command.run("pin", dataset, "--days", 0, "--for", "x").fails(2, "--days 0", "need 1");
    Command.run("pin", dataset, "--list", "--remove", "x").fails(2, "--list");
    Command.run("pin", dataset, "--days", 1, "--for", "x", "--dataset-version", 9)
        .fails(1, "no version 9");
    Command.run("pin", directory.resolve("none"), "--list").fails(1, "no dataset here");
    Command.run("pin", dataset, "--list", "--home", "iad").fails(2, "--from");
    Command.run("pin", dataset, "--list", "--from", "mars").fails(2, "mars");
  }
}
