package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.extract.Extractors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code migrate} as a person and a program use it, on a dataset that has all there is to have. */
class MigrateTest {
  @TempDir static Path shared;
  private static Path made = Path.of("unset");
  private static Path tokenizer = Path.of("unset");

  @TempDir Path directory;
  private Path source = Path.of("unset");
  private Path out = Path.of("unset");

  @BeforeAll
  static void make() throws IOException {
    assertTrue(Extractors.vector(), "plain loops run here, not vectors");
    made = shared.resolve("made");
    tokenizer = TinyTokenizer.write(shared.resolve("tokenizer.json"));
    TestTexts.text(shared.resolve("book.txt"), 4_000);
    extract("book.txt").succeeds();
  }

  private static Command extract(String corpus, Object... more) throws IOException {
    Path forced = TestTexts.write(shared.resolve("forced.txt"), "3 5\n");
    List<Object> words = new ArrayList<>(List.of("extract", "--corpus", shared.resolve(corpus)));
    words.addAll(List.of("--out", made, "--layout", "rows", "--tokenizer", tokenizer));
    words.addAll(List.of("--statistic", "top-k:4+sample:5+target+forced:" + forced));
    words.addAll(List.of("--sequence-length", 64, "--shard-sequences", 16));
    words.addAll(List.of(more));
    return Command.run(words.toArray());
  }

  @BeforeEach
  void copySource() throws IOException {
    source = directory.resolve("source");
    out = directory.resolve("out");
    TestDatasets.copy(made, source);
  }

  private Command migrate(Object... more) {
    List<Object> words = new ArrayList<>(List.of("migrate", source, "--layout", "columns"));
    words.addAll(List.of("--out", out));
    words.addAll(List.of(more));
    return Command.run(words.toArray());
  }

  @Test
  void allThatADatasetCarriesComesAlong() throws IOException {
    Files.delete(tokenizer); // The dataset has its own copy.
    JsonNode told = migrate("--json").json();
    TinyTokenizer.write(tokenizer);
    JsonNode before = Command.run("inspect", source, "--json").json();
    for (String key : ImmutableList.of("fingerprint", "sequences", "positions", "shards")) {
      assertEquals(before.get(key), told.get(key), key);
    }
    for (String key : ImmutableList.of("meanTargetLogProb", "meanEntropy", "meanTailMass")) {
      assertEquals(before.get(key), told.get(key), key);
    }
    assertEquals("columns", told.get("layout").asText());
    double met = told.get("largestError").asDouble();
    assertTrue(met > 0 && met <= told.get("errorBound").asDouble(), told.toString());
    assertTrue(told.get("ledger").size() > 0, told.toString());
    for (String folder : ImmutableList.of("tokens", "tokenizers", "teachers", "forced")) {
      assertEquals(names(source.resolve(folder)), names(out.resolve(folder)), folder);
    }
    assertTrue(Command.run("verify", out, "--json").json().get("ok").asBoolean());

    Object[] at = {"--sequence", 1, "--position", 7, "--json"};
    JsonNode one = position(source, at);
    JsonNode two = position(out, at);
    for (String key : ImmutableList.of("token", "nextToken", "source", "logTail", "entropy")) {
      assertEquals(one.get(key), two.get(key), key);
    }
    assertEquals(
        one.get("entries").findValuesAsText("text"), two.get("entries").findValuesAsText("text"));
    JsonNode loaded = Command.run("load", out, "--seed", 3, "--json").json();
    assertEquals(
        Command.run("load", source, "--seed", 3, "--json").json().get("digest"),
        loaded.get("digest"),
        "the order never changes");
  }

  private static JsonNode position(Path dataset, Object[] at) throws IOException {
    List<Object> words = new ArrayList<>(List.of("inspect", dataset));
    words.addAll(List.of(at));
    return Command.run(words.toArray()).json();
  }

  private static List<String> names(Path folder) throws IOException {
    return TestDatasets.files(folder).stream().map(file -> file.getFileName().toString()).toList();
  }

  @Test
  void itIsToldWhereADatasetCameFrom() throws IOException {
    migrate().succeeds();
    String digest = Command.run("inspect", source, "--json").json().get("digest").asText();
    JsonNode origin = Command.run("inspect", out, "--json").json().get("origins").get(0);
    assertEquals(digest, origin.get("digest").asText());
    assertEquals("rows", origin.get("layout").asText());
    String said = Command.run("inspect", out).succeeds().out();
    assertTrue(
        said.contains("migrated     from layout rows (version 1 of " + digest.substring(0, 12)),
        said);
    assertTrue(said.contains("log-probs differ by up to "), said);
    assertFalse(
        Files.readString(out.resolve("manifests/v00000000000000000001.json"))
            .contains(directory.toString()),
        "no path");
    assertTrue(migrate().succeeds().out().contains("log-probs differ by up to "), "done already");
  }

  /** Exact copies of what was rounded are told as that, and not as exact. */
  @Test
  void whatWasRoundedStaysToldWhereALayoutIsExact() {
    migrate().succeeds();
    Path back = directory.resolve("back");
    String told = Command.run("migrate", out, "--layout", "rows", "--out", back).succeeds().out();
    for (String said : List.of(told, Command.run("inspect", back).succeeds().out())) {
      assertTrue(said.contains("no log-prob differs from those there"), said);
      assertTrue(said.contains("log-probs    rounded by layout columns since"), said);
    }
    assertFalse(Command.run("inspect", source).succeeds().out().contains("rounded by"));
  }

  @Test
  void onlyTheVersionThatIsAskedForIsMigrated() throws IOException {
    Path grown = directory.resolve("grown");
    TestDatasets.copy(made, grown);
    TestTexts.write(shared.resolve("more.txt"), "and then more ".repeat(100));
    made = grown;
    try {
      extract("more.txt", "--append").succeeds();
    } finally {
      made = shared.resolve("made");
    }
    migrate().succeeds();
    source = grown;
    migrate().fails(1, out, "another identity", "corpus:", "--dataset-version");
    migrate("--dataset-version", 3).fails(1, "no version 3");
    migrate("--dataset-version", 1).succeeds(); // Its digest is the one that was migrated.
    out = directory.resolve("both");
    assertEquals(2, migrate("--json").json().get("origins").get(0).get("version").asInt());
    assertTrue(Command.run("verify", out, "--json").json().get("ok").asBoolean());
  }

  @Test
  void whatIsWrongIsToldAndNothingIsBegun() throws IOException {
    migrate("--layout", "circles").fails(2);
    Command.run("migrate", source, "--layout", "circles", "--out", out)
        .fails(2, "'circles'", "columns", "rows");
    Command.run("migrate", source, "--layout", "rows", "--out", out)
        .fails(2, source, "in layout rows already", "replicate");
    Command.run("migrate", source, "--layout", "columns").fails(2, "--out");
    Command.run("migrate", directory.resolve("no"), "--layout", "columns", "--out", out)
        .fails(1, "no dataset here");
    migrate("extra").fails(2, "extra");
    assertFalse(Files.exists(out), "nothing was begun");
    out = source;
    migrate().fails(2, "--out", "is the dataset itself");
    out = source.resolve("inside");
    migrate().fails(2, "inside the other");
    out = directory.resolve("copy");
    Command.run("replicate", source, "--to", out).succeeds();
    migrate().fails(2, "is region copy");
    assertTrue(Command.run("verify", source, "--json").json().get("ok").asBoolean());
  }

  @Test
  void aDamagedSourceIsNamedAndReadElsewhereIfItCanBe() throws IOException {
    List<Path> shards = TestDatasets.files(source.resolve("shards"));
    TestDatasets.flip(shards.get(1));
    migrate()
        .fails(
            1,
            "shards/" + shards.get(1).getFileName(),
            "CRC32C",
            "region home of " + source,
            "what is migrated is kept",
            "verify --repair");
    assertFalse(Files.exists(out.resolve("manifests")), "nothing half-done");
    TestDatasets.flip(shards.get(1));
    Command.run("replicate", source, "--to", directory.resolve("far")).succeeds();
    TestDatasets.flip(shards.get(1));
    Command went = migrate("--json").succeeds();
    assertTrue(went.err().contains("in region home, offset"), went.err());
    assertTrue(Command.run("verify", out, "--json").json().get("ok").asBoolean());
  }
}
