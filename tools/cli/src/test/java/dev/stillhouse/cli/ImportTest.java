package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code import} as a person and a program use it. */
class ImportTest {
  private static final int VOCABULARY = 300;
  private static final int K = 8;

  @TempDir Path directory;

  /** Returns a line: tokens, and rows whose entries hold the token that row t should describe. */
  static String line(Random random, int tokens, int shift, int rows) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < tokens; i++) {
      ids.add(random.nextInt(VOCABULARY));
    }
    List<String> keptIds = new ArrayList<>();
    List<String> logProbs = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int described = row + shift < tokens ? ids.get(row + shift) : 7;
      List<Integer> row0 = new ArrayList<>(List.of(described));
      while (row0.size() < K) {
        int id = random.nextInt(VOCABULARY);
        if (!row0.contains(id)) {
          row0.add(id);
        }
      }
      List<String> values = new ArrayList<>();
      for (int i = 0; i < K; i++) {
        values.add(String.format(Locale.ROOT, "%.6f", Math.log(0.5 / (1 << i)) - 0.01));
      }
      keptIds.add(row0.toString());
      logProbs.add(values.toString());
    }
    return "{\"tokens\":" + ids + ",\"ids\":" + keptIds + ",\"log_probs\":" + logProbs + "}\n";
  }

  private Path lines(int count, int shift) throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int tokens = 20 + i % 13;
      text.append(line(random, tokens, shift, tokens));
    }
    return TestTexts.write(directory.resolve("kept.jsonl"), text.toString());
  }

  private Command load(Path file, String name, Object... more) {
    List<Object> words = new ArrayList<>(List.of("import", "jsonl", file));
    words.addAll(List.of("--vocabulary", VOCABULARY, "--out", directory.resolve(name)));
    words.addAll(List.of("--shard-sequences", 8));
    words.addAll(List.of(more));
    return Command.run(words.toArray());
  }

  @Test
  void whatIsImportedIsADatasetLikeAnyOther() throws IOException {
    JsonNode told = load(lines(30, 1), "in", "--alignment", "next", "--json").json();
    Path in = directory.resolve("in");
    assertEquals(30, told.get("sequences").asInt());
    assertEquals(4, told.get("shards").asInt());
    assertEquals("top-k:8", told.get("statistic").asText());
    assertEquals("jsonl", told.get("imported").get("format").asText());
    assertTrue(told.get("imported").get("unknown").toString().contains("entropy"));
    Command verified = Command.run("verify", in, "--json");
    assertTrue(verified.json().get("ok").asBoolean(), verified.out() + verified.err());
    JsonNode position =
        Command.run("inspect", in, "--sequence", 1, "--position", 3, "--json").json();
    assertEquals(position.get("nextToken"), position.get("entries").get(0).get("id"));
    assertEquals(Math.log(0.5) - 0.01, position.get("targetLogProb").asDouble(), 1e-3);
    assertTrue(position.get("entropy").isNull());
    Command.run("load", in, "--seed", 1, "--json").succeeds();
    Command.run("load", in, "--seed", 1, "--with", in, "--json").succeeds();
    Path out = directory.resolve("migrated");
    Command.run("migrate", in, "--layout", "adaptive", "--out", out).succeeds();
    Command again = Command.run("verify", out, "--json");
    assertTrue(again.json().get("ok").asBoolean(), again.out());
    assertTrue(
        Files.readString(out.resolve("manifests/v00000000000000000001.json"))
            .contains("\"imported\""));
  }

  @Test
  void theSameFilesGiveTheSameDigest() throws IOException {
    Path file = lines(20, 1);
    JsonNode one = load(file, "one", "--alignment", "next", "--json").json();
    Path moved = Files.move(file, directory.resolve("other-name.jsonl"));
    JsonNode two = load(moved, "two", "--alignment", "next", "--json").json();
    JsonNode again = load(moved, "two", "--alignment", "next", "--json").json();
    assertEquals(two.get("digest"), again.get("digest"));
    assertEquals(one.get("fingerprint"), two.get("fingerprint"));
    assertNotEquals(
        one.get("digest"),
        load(moved, "three", "--alignment", "next", "--top-k", 4, "--json").json().get("digest"));
  }

  @Test
  void rowsThatAreOffByOneAreRefused() throws IOException {
    Path self = lines(30, 0);
    load(self, "wrong", "--alignment", "next").fails(1, "off by one", "before it", "--alignment");
    assertFalse(Files.exists(directory.resolve("wrong/manifests")), "nothing is committed");
    load(self, "right", "--alignment", "self").succeeds();
    Command verified = Command.run("verify", directory.resolve("right"), "--json");
    assertTrue(verified.json().get("ok").asBoolean(), verified.out());
    load(self, "forced", "--alignment", "next", "--no-alignment-check").succeeds();
  }

  @Test
  void whatIsMissingOrWrongIsTold() throws IOException {
    Path file = lines(3, 1);
    load(file, "no").fails(2, "--alignment next");
    Command.run("import", "jsonl", file, "--alignment", "next", "--out", directory.resolve("no"))
        .fails(2, "--tokenizer", "--vocabulary");
    load(file, "no", "--alignment", "sideways").fails(2, "next", "self", "end");
    load(file, "no", "--alignment", "next", "--set", "tokns=x").fails(2, "tokns", "log_probs");
    load(file, "no", "--alignment", "next", "--set", "tokens=input_ids")
        .fails(1, "line 1", "'input_ids'", "present: [tokens, ids, log_probs]");
    load(directory.resolve("nothing"), "no", "--alignment", "next").fails(2, "no such file");
    Command.run("import", "carrier-pigeons", file, "--out", directory.resolve("no"))
        .fails(2, "carrier-pigeons", "jsonl");
    Path bad =
        TestTexts.write(
            directory.resolve("bad.jsonl"),
            """
            {"tokens":[1,2],"ids":[[1,2]],"log_probs":[[-1,-2]]}
            {"tokens":[1,2],"ids":[[1,2]],"log_probs":[[-0.1,-0.2]]}
            """);
    load(bad, "no", "--alignment", "next").fails(1, bad, "line 2", "position 0", "mass is 1.7");
    assertFalse(Files.exists(directory.resolve("no/manifests")));
  }

  @Test
  void aDryRunTellsAndWritesNothing() throws IOException {
    JsonNode told = load(lines(30, 1), "no", "--alignment", "next", "--dry-run", "--json").json();
    assertEquals(30, told.get("sequences").asInt());
    assertEquals(32, told.get("longestSequence").asInt());
    assertEquals(K, told.get("widestRow").asInt());
    assertFalse(Files.exists(directory.resolve("no")));
  }
}
