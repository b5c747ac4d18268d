package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.pipeline.extract.Extractors;
import dev.stillhouse.storage.TestJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Extraction as real processes that are killed, stopped, doubled, or run out of disk. */
@Tag("slow")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessTest {
  @TempDir static Path directory;
  private static Path text = Path.of("unset");
  private static String undisturbed = "";

  @BeforeAll
  static void extractUndisturbed() throws Exception {
    assertTrue(
        Extractors.vector(), "only with vectors here do plain processes prove the same bits");
    text = TestTexts.text(directory.resolve("book.txt"), 17_000);
    undisturbed = digest(directory.resolve("undisturbed"));
    assertTrue(shards(directory.resolve("undisturbed")).size() >= 8, "enough to be killed between");
  }

  @Test
  void killedAnywhereAndRunAgainItGivesTheSameDataset() throws Exception {
    Path out = directory.resolve("killed");
    Random random = new Random(5);
    for (int i = 0; i < 5; i++) {
      Process process = start(command(out));
      if (!process.waitFor(900 + random.nextInt(2500), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    assertEquals(undisturbed, digest(out));
    assertEquals(0, Command.run("verify", out).code());
    assertNoScratch(out);
  }

  @Test
  void twoProcessesShareTheWork() throws Exception {
    Path out = directory.resolve("shared");
    Process one = start(command(out));
    Process two = start(command(out));
    assertEquals(0, one.waitFor(), output(one));
    assertEquals(0, two.waitFor(), output(two));
    assertEquals(undisturbed, digest(out));
    assertEquals(0, Command.run("verify", out).code());
  }

  @Test
  void anyNumberOfThreadsGivesTheSameDataset() throws Exception {
    assertEquals(undisturbed, digest(directory.resolve("one"), "--targetParallelism=1"));
    assertEquals(
        undisturbed,
        digest(directory.resolve("four"), "--runner=DirectRunner", "--targetParallelism=4"));
  }

  @Test
  void interruptedItStopsInOrder() throws Exception {
    Path out = directory.resolve("interrupted");
    // Long enough that the signal comes while there is much to do.
    Path longer = TestTexts.text(directory.resolve("longer.txt"), 60_000);
    List<String> words = command(out);
    words.set(words.indexOf(text.toString()), longer.toString());
    words.add(1, "-Dstillhouse.terminal=true"); // as on a terminal, with a progress bar
    Process process = start(words);
    while (process.isAlive() && receipts(out) < 1) {
      Thread.sleep(20);
    }
    // TERM goes the way of Ctrl-C's INT, which a build in the background is born to ignore.
    new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
    String said = output(process);
    assertEquals(143, process.waitFor(), said);
    assertTrue(said.contains("what is finished is kept, run the same command to go on"), said);
    assertFalse(Files.exists(out.resolve("manifests/v00000000000000000001.json")), said);
    assertTrue(said.contains("extracting ") && said.contains("[="), said);
    assertNoScratch(out);
    Command.run(words.subList(words.indexOf("extract"), words.size()).toArray()).succeeds();
    assertEquals(0, Command.run("verify", out).code());
  }

  @Test
  void aFullDiskIsToldAndNothingIsLost() throws Exception {
    Path out = directory.resolve("full");
    String[] large = {"--statistic", "top-k:3000", "--layout", "rows", "--shard-sequences", "64"};
    // A file-size limit is what a test can have of a full disk: writes fail with an error alike.
    // 1,000 blocks of 1 KiB let libraries unpack themselves, but no such shard be written.
    List<String> limited =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f 1000; exec \"$@\"", "-"));
    limited.addAll(command(out, large));
    Process process = start(limited);
    String said = output(process);
    assertEquals(1, process.waitFor(), said);
    assertTrue(said.contains("cannot write") && said.contains("File too large"), said);
    assertFalse(said.contains("\tat "), said);
    assertFalse(Files.exists(out.resolve("manifests/v00000000000000000001.json")));
    digest(out, large);
    assertEquals(0, Command.run("verify", out).code());
  }

  private static List<String> command(Path out, String... more) {
    List<String> words = TestJvm.of(Stillhouse.class);
    words.addAll(List.of("extract", "--corpus", text.toString(), "--out", out.toString()));
    words.addAll(List.of("--sequence-length", "256"));
    if (!List.of(more).contains("--statistic")) {
      words.addAll(List.of("--statistic", "top-k:8", "--shard-sequences", "2"));
    }
    words.addAll(List.of(more));
    return words;
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Runs to the end in this JVM; returns the dataset's digest. */
  private static String digest(Path out, String... more) throws IOException {
    List<String> all = command(out, more);
    List<Object> words = new ArrayList<>(all.subList(all.indexOf("extract"), all.size()));
    words.add("--json");
    JsonNode made = Command.run(words.toArray()).json();
    return made.get("digest").asText();
  }

  private static long receipts(Path out) throws IOException {
    return files(out.resolve("work")).stream()
        .filter(f -> f.getFileName().toString().matches("[0-9]{12}-.*"))
        .count();
  }

  private static List<Path> shards(Path out) throws IOException {
    return files(out.resolve("shards"));
  }

  private static List<Path> files(Path below) throws IOException {
    if (!Files.exists(below)) {
      return List.of();
    }
    try (var found = Files.walk(below)) {
      return found.filter(Files::isRegularFile).toList();
    }
  }

  private static void assertNoScratch(Path out) throws IOException {
    assertEquals(List.of(), files(out.resolve(".scratch")), "scratch files stay behind");
  }
}
