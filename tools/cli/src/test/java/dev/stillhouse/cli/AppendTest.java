package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More corpus becomes the next version; the old one still reads as it was. */
@Tag("slow")
class AppendTest {
  @TempDir Path directory;
  private Path first = Path.of("unset");
  private Path more = Path.of("unset");
  private Path out = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    first = TestTexts.text(directory.resolve("first.txt"), 6000);
    String text = Files.readString(TestTexts.text(directory.resolve("all"), 12_000));
    more = TestTexts.write(directory.resolve("more.txt"), text.substring(8000));
    out = directory.resolve("dataset");
  }

  private Command extract(Path corpus, Object... options) {
    List<Object> words = new ArrayList<>(List.of("--json", "--separator", "none"));
    words.addAll(List.of(options));
    return TestDatasets.small(corpus, out, words.toArray());
  }

  @Test
  void theNextVersionHasBothAndTheOldOneStays() throws IOException {
    JsonNode one = extract(first).json();
    Path cursor = directory.resolve("cursor.json");
    JsonNode whole = Command.run("load", out, "--seed", 5, "--json").json();
    Command.run("load", out, "--seed", 5, "--stop-after", 3, "--cursor", cursor).succeeds();

    JsonNode two = extract(more, "--append").json();
    assertEquals(2, two.get("version").asInt());
    assertTrue(two.get("sequences").asLong() > one.get("sequences").asLong());
    assertNotEquals(one.get("fingerprint"), two.get("fingerprint"));
    assertTrue(Command.run("verify", out, "--json").json().get("ok").asBoolean());
    assertEquals(
        "more.txt",
        Command.run("inspect", out, "--sequence", one.get("sequences"), "--position", 0, "--json")
            .json()
            .get("source")
            .get("file")
            .asText());

    JsonNode old = Command.run("inspect", out, "--dataset-version", 1, "--json").json();
    for (String field : ImmutableList.of("digest", "fingerprint", "sequences", "bytes")) {
      assertEquals(one.get(field), old.get(field));
    }
    assertEquals(
        whole.get("contentDigest"),
        Command.run("load", out, "--seed", 5, "--dataset-version", 1, "--json")
            .json()
            .get("contentDigest"));
    // The cursor pins the version that it was taken from.
    JsonNode resumed = Command.run("load", out, "--cursor", cursor, "--json").json();
    assertEquals(whole.get("digest"), resumed.get("digest"));
    assertEquals(whole.get("contentDigest"), resumed.get("contentDigest"));
  }

  @Test
  void theSameAppendAgainDoesNothing() throws IOException {
    extract(first).succeeds();
    JsonNode two = extract(more, "--append").json();
    assertEquals(two.get("digest"), extract(more, "--append").json().get("digest"));
    assertEquals(2, extract(more, "--append").json().get("version").asInt());
    assertEquals(3, extract(first, "--append").json().get("version").asInt());
  }

  @Test
  void whatWasMadeOtherwiseIsRefused() throws IOException {
    extract(more, "--append").fails(1, out, "no dataset here to append to", "leave out --append");
    extract(first).succeeds();
    extract(more).fails(1, out, "another identity", "corpus:", "--append");
    extract(more, "--append", "--tokenizer", "cl100k").fails(1, out, "tokenizer:");
    extract(more, "--append", "--layout", "rows").fails(1, "layout: columns here, rows asked for");
    extract(more, "--append", "--teacher", "onnx:model.onnx")
        .fails(1, out, "made with teacher ngram", "onnx");
    Command.run("inspect", out, "--dataset-version", 2).fails(1, "no version 2", "v0000");
    Command.run("load", out, "--dataset-version", 0).fails(1, "no version 0");
  }
}
