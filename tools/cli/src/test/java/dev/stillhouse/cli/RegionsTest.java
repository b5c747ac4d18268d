package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.replicate.ReplicateJob;
import dev.stillhouse.pipeline.job.replicate.ReplicateRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset in two regions, and what happens when one of them is not as it must be. */
class RegionsTest {
  @TempDir static Path shared;
  private static Path made = Path.of("unset");

  @TempDir Path directory;
  private Path home = Path.of("unset");
  private Path copy = Path.of("unset");

  @BeforeAll
  static void extract() throws IOException {
    made = shared.resolve("made");
    Path text = TestTexts.text(shared.resolve("book.txt"), 6_000);
    TestDatasets.small(text, made).succeeds();
  }

  @BeforeEach
  void copyHome() throws IOException {
    home = directory.resolve("home-place");
    copy = directory.resolve("copy");
    TestDatasets.copy(made, home);
  }

  private JsonNode replicate() throws IOException {
    return Command.run("replicate", home, "--to", copy, "--json").json();
  }

  @Test
  void aReplicaIsADatasetOfItsOwn() throws IOException {
    JsonNode told = replicate();
    assertEquals(
        ImmutableList.of("region", "copied", "bytes", "seconds", "megabytesPerSecond", "ledger"),
        ImmutableList.copyOf(told.fieldNames()));
    assertEquals("copy", told.get("region").asText());
    JsonNode original = Command.run("inspect", home, "--json").json();
    int shards = original.get("shards").asInt();
    assertEquals(2 * shards + 1 + 1, told.get("copied").asInt(), "the teacher and the manifest");
    assertEquals(
        original.get("digest"), Command.run("inspect", copy, "--json").json().get("digest"));
    assertTrue(Command.run("verify", copy, "--json").json().get("ok").asBoolean());
    assertEquals(0, replicate().get("copied").asInt(), "all is there");
    assertEquals(1, TestDatasets.files(home.resolve("regions")).size());
  }

  @Test
  void whatIsAppendedMeanwhileIsCopiedByTheNextRun() throws IOException {
    Path more = TestTexts.write(directory.resolve("more.txt"), "and then more ".repeat(100));
    JobListener appending =
        (verb, unit, total, meter) -> {
          TestDatasets.small(more, home, "--append").succeeds();
          return () -> {};
        };
    ReplicateJob.run(
        new ReplicateRequest(home.toString(), copy.toString(), "copy", List.of()), appending);
    // Law 5: a place that has a manifest has all that it names.
    assertEquals(1, Command.run("inspect", copy, "--json").json().get("version").asInt());
    assertTrue(Command.run("verify", copy, "--json").json().get("ok").asBoolean());
    replicate();
    assertEquals(2, Command.run("inspect", copy, "--json").json().get("version").asInt());
    assertTrue(Command.run("verify", copy, "--json").json().get("ok").asBoolean());
  }

  @Test
  void whatIsMissingIsCopiedWhenItIsRunAgain() throws IOException {
    replicate();
    Path shard = TestDatasets.anyFile(copy.resolve("shards"));
    byte[] right = Files.readAllBytes(shard);
    Files.delete(TestDatasets.anyFile(copy.resolve("tokens")));
    Files.write(shard, new byte[3]);
    Files.delete(TestDatasets.anyFile(copy.resolve("manifests")));
    JsonNode again = replicate();
    assertEquals(3, again.get("copied").asInt());
    assertEquals(right.length, Files.size(shard));
    assertTrue(Command.run("verify", copy, "--json").json().get("ok").asBoolean());
    assertFalse(Files.exists(copy.resolve(".scratch")), "scratch files stay behind");
  }

  @Test
  void aDamagedCopyIsReadElsewhereAndTold() throws IOException {
    JsonNode whole = Command.run("load", home, "--json").json();
    replicate();
    Path shard = TestDatasets.anyFile(home.resolve("shards"));
    TestDatasets.flip(shard);
    Command loaded = Command.run("load", home, "--json").succeeds();
    assertEquals(whole.get("contentDigest"), loaded.json().get("contentDigest"));
    assertTrue(loaded.err().contains("shards/" + shard.getFileName() + " in region home, offset"));
    assertTrue(loaded.err().contains("verify --repair " + home), loaded.err());
    JsonNode ledger = loaded.json().get("ledger");
    assertEquals("copy", ledger.get(0).get("region").asText());
    assertTrue(ledger.get(0).get("bytes").asLong() > 0, ledger.toString());
    Command.run("load", home).succeeds();
  }

  @Test
  void aDamagedSourceIsNotCopied() throws IOException {
    replicate();
    TestDatasets.flip(TestDatasets.anyFile(home.resolve("tokens")), 40);
    Path third = directory.resolve("third");
    Command.run("replicate", home, "--to", third).succeeds();
    assertTrue(Command.run("verify", third, "--json").json().get("ok").asBoolean());
  }

  @Test
  void aRegionThatVanishedIsToldOnceAndReadingGoesOn() throws IOException {
    replicate();
    MoreFiles.deleteRecursively(copy, RecursiveDeleteOption.ALLOW_INSECURE);
    Command loaded = Command.run("load", home).succeeds();
    assertEquals(2, loaded.err().split("region copy: ", -1).length, loaded.err());
    assertTrue(loaded.err().contains(copy + " is not there"), loaded.err());
    Path shard = TestDatasets.anyFile(home.resolve("shards"));
    Files.delete(shard);
    Command.run("load", home)
        .fails(1, "no region has a right copy", "home: missing", "copy: ", "is not there");
  }

  /** Every kind of blob, in either region: found, named, mended, and right afterwards. */
  @Test
  void whatIsDamagedOrMissingIsRepairedFromTheOtherRegion() throws IOException {
    replicate();
    List<Path> before = TestDatasets.files(home);
    TestDatasets.flip(TestDatasets.anyFile(home.resolve("shards")), 500);
    Files.delete(TestDatasets.anyFile(home.resolve("tokens")));
    TestDatasets.flip(TestDatasets.anyFile(home.resolve("manifests")), 0);
    TestDatasets.flip(TestDatasets.anyFile(copy.resolve("teachers")), 100);
    Files.write(TestDatasets.files(copy.resolve("shards")).get(1), new byte[3]);
    Command found = Command.run("verify", home, "--json");
    assertEquals(1, found.code());
    assertEquals(5, new ObjectMapper().readTree(found.out()).get("damaged").size(), found.out());
    assertTrue(found.err().contains("verify --repair"), found.err());
    JsonNode told = Command.run("verify", home, "--repair", "--json").json();
    assertTrue(told.get("ok").asBoolean());
    assertEquals(5, told.get("repaired").asInt());
    assertEquals(5, told.get("damaged").size());
    JsonNode clean = Command.run("verify", home, "--json").json();
    assertEquals(0, clean.get("damaged").size());
    assertTrue(Command.run("verify", copy, "--json").json().get("ok").asBoolean());
    assertEquals(before, TestDatasets.files(home), "nothing else stays behind");
    String said = Command.run("verify", home).succeeds().out();
    assertTrue(said.contains("as it must be, in home, copy"), said);
    assertTrue(said.contains("requests from copy"), said);
  }

  @Test
  void whatIsDamagedEverywhereIsNotRepairedAndToldWhy() throws IOException {
    Path shard = TestDatasets.anyFile(home.resolve("shards"));
    TestDatasets.flip(shard, 500);
    byte[] wrong = Files.readAllBytes(shard);
    Command alone = Command.run("verify", home, "--repair").fails(1);
    assertTrue(alone.out().contains("not repaired: there is no other region"), alone.out());
    TestDatasets.flip(shard, 500);
    replicate();
    TestDatasets.flip(shard, 500);
    TestDatasets.flip(copy.resolve("shards").resolve(shard.getFileName()), 600);
    Files.delete(TestDatasets.anyFile(copy.resolve("tokens")));
    Command command = Command.run("verify", home, "--repair", "--json");
    assertEquals(1, command.code());
    JsonNode told = new ObjectMapper().readTree(command.out());
    assertEquals(1, told.get("repaired").asInt(), command.out());
    assertEquals(3, told.get("damaged").size(), command.out());
    assertTrue(command.out().contains("not repaired: damaged: blob shards/"), command.out());
    assertArrayEquals(wrong, Files.readAllBytes(shard), "the bad copy stays where none is better");
  }

  @Test
  void aRegionThatVanishedIsNotRepairedButReplicatedAnew() throws IOException {
    replicate();
    MoreFiles.deleteRecursively(copy, RecursiveDeleteOption.ALLOW_INSECURE);
    Command command = Command.run("verify", home, "--repair");
    assertEquals(1, command.code(), command.out());
    assertTrue(command.out().contains("is not there; not repaired: bring it back"), command.out());
    assertFalse(Files.exists(copy), "nothing is written where a region was");
    replicate();
    assertTrue(Command.run("verify", home, "--json").json().get("ok").asBoolean());
  }
}
