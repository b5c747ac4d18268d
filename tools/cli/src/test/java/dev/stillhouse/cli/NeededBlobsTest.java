package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import dev.stillhouse.storage.manifest.NeededBlobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dataset needs is missed when it is gone, whatever lies there. */
@Tag("slow")
class NeededBlobsTest {
  @TempDir Path directory;
  private Path home = Path.of("unset");
  private Path copy = Path.of("unset");

  @BeforeEach
  void extract() throws IOException {
    home = directory.resolve("d");
    copy = directory.resolve("copy");
    TestTexts.text(directory.resolve("a.txt"), 3000);
    extract("a.txt").succeeds();
  }

  private Command extract(String corpus, Object... options) throws IOException {
    Path forced = TestTexts.write(directory.resolve("forced.txt"), "3\n5\n");
    Path tokenizer = TinyTokenizer.write(directory.resolve("tiny.json"));
    List<Object> words = new ArrayList<>(List.of("extract", "--out", home));
    words.addAll(List.of("--corpus", directory.resolve(corpus), "--tokenizer", tokenizer));
    words.addAll(List.of("--statistic", "top-k:4+forced:" + forced, "--sequence-length", 64));
    words.addAll(List.of("--shard-sequences", 16));
    words.addAll(List.of(options));
    return Command.run(words.toArray());
  }

  private static void remove(Path folder) throws IOException {
    Files.delete(TestDatasets.anyFile(folder));
    Files.delete(folder);
  }

  private Command verify(Object... options) {
    List<Object> words = new ArrayList<>(List.of("verify", home));
    words.addAll(List.of(options));
    return Command.run(words.toArray());
  }

  private Command replicate() {
    return Command.run("replicate", home, "--to", copy, "--region", "far");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizers", "teachers", "forced"})
  void whatIsGoneIsMissedByName(String folder) throws IOException {
    Path blob = TestDatasets.anyFile(home.resolve(folder));
    String key = folder + "/" + blob.getFileName();
    verify().succeeds();
    remove(home.resolve(folder));
    String told = verify().fails(1).out();
    assertTrue(told.contains("missing: blob " + key), told);
    replicate().fails(1, "missing: blob " + key);
    Command.run("migrate", home, "--layout", "rows", "--out", directory.resolve("rows"))
        .fails(1, "missing: blob " + key);
    assertFalse(Files.exists(directory.resolve("rows/manifests")), "nothing was committed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizers", "teachers", "forced"})
  void whatIsGoneComesBackFromAReplica(String folder) throws IOException {
    replicate().succeeds();
    Path blob = TestDatasets.anyFile(home.resolve(folder));
    byte[] right = Files.readAllBytes(blob);
    remove(home.resolve(folder));
    verify("--repair").succeeds();
    assertArrayEquals(right, Files.readAllBytes(blob));
    Path elsewhere = TestTexts.write(directory.resolve("elsewhere"), "not this");
    Files.delete(blob);
    Files.createSymbolicLink(blob, elsewhere);
    assertTrue(verify().fails(1).out().contains(blob.getFileName().toString()));
    assertEquals("not this", Files.readString(elsewhere));
  }

  /**
   * The tokenizer and the ids are at hand when something is appended, the fitted teacher is not.
   */
  @Test
  void whatIsAppendedFindsItsTeacherGone() throws IOException {
    TestTexts.write(directory.resolve("b.txt"), "Loomings. ".repeat(300));
    Path teacher = TestDatasets.anyFile(home.resolve("teachers"));
    remove(home.resolve("teachers"));
    extract("b.txt", "--append").fails(1, "missing: the fitted teacher teachers/", "verify");
    remove(home.resolve("tokenizers"));
    remove(home.resolve("forced"));
    extract("b.txt", "--append").fails(1, teacher.getFileName());
  }

  /** With no receipt and no claim left that might name them too. */
  @Test
  void whatIsNeededIsNoGarbage() throws IOException {
    MoreFiles.deleteRecursively(home.resolve("work"), RecursiveDeleteOption.ALLOW_INSECURE);
    Path stray = TestTexts.write(home.resolve("teachers/" + "a".repeat(64)), "named by nothing");
    Command gc = Command.run("gc", home, "--grace", "0s", "--delete", "--json");
    assertEquals(1, gc.json().get("blobs").asInt(), gc.out());
    assertFalse(Files.exists(stray));
    verify().succeeds();
  }

  /** What nothing names is no part of the dataset. */
  @Test
  void whatOnlyLiesThereIsNotNeeded() throws IOException {
    TestTexts.write(home.resolve("teachers/" + "a".repeat(64)), "damaged, by its name");
    verify().succeeds();
    replicate().succeeds();
    assertFalse(Files.exists(copy.resolve("teachers/" + "a".repeat(64))));
  }

  @Test
  void everyFittedTeacherIsKnown() {
    int fitted = 0;
    for (TeacherProvider provider : ServiceLoader.load(TeacherProvider.class)) {
      assertEquals(provider.fitted(), NeededBlobs.fitted(provider.name()), provider.name());
      assertEquals(provider.fitted(), NeededBlobs.fitted(provider.name() + ":a=1"));
      fitted += provider.fitted() ? 1 : 0;
    }
    assertTrue(fitted > 0);
  }

  /** In the README's order: replicate, append, verify. */
  @Test
  void aReplicaThatLagsIsBehindAndNotDamaged() throws IOException {
    replicate().succeeds();
    TestTexts.write(directory.resolve("b.txt"), "Loomings. ".repeat(300));
    extract("b.txt", "--append").succeeds();
    Command verified = verify().succeeds();
    assertTrue(verified.out().contains("region far is behind, by version 2"), verified.out());
    assertFalse(verified.out().contains("DAMAGED"), verified.out());
    JsonNode json = verify("--json").json();
    assertTrue(json.get("ok").asBoolean());
    assertEquals("[{\"region\":\"far\",\"versions\":[2]}]", json.get("behind").toString());
    // What it has of an older version, or has begun to get of the next, is checked all the same.
    Path shard = TestDatasets.anyFile(copy.resolve("shards"));
    byte[] right = Files.readAllBytes(shard);
    TestDatasets.flip(shard, 300);
    assertTrue(verify().fails(1).out().contains("region far: "));
    Files.write(shard, right);
    assertTrue(verify("--repair", "--json").json().get("ok").asBoolean());
    assertFalse(Files.exists(copy.resolve("manifests/v00000000000000000002.json")));
    replicate().succeeds();
    assertEquals("[]", verify("--json").json().get("behind").toString());
    // A version that is not its newest is lost.
    Files.delete(copy.resolve("manifests/v00000000000000000001.json"));
    assertTrue(verify().fails(1).out().contains("v00000000000000000001.json"));
  }
}
