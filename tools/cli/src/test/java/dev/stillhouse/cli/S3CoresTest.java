package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.storage.TestJvm;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.s3.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every command on S3 in a JVM with few cores, where what waits for a store must not hold up the
 * store's own answers. There are more shards, receipts and blobs to remove than cores.
 */
@Tag("slow")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3CoresTest {
  private static final String POOL = "-Djava.util.concurrent.ForkJoinPool.common.parallelism=";
  private static final int STRAYS = 12;

  @TempDir static Path directory;
  private static Path text = Path.of("unset");
  private static Path tokenizer = Path.of("unset");

  @BeforeAll
  static void write() throws IOException {
    text = TestTexts.text(directory.resolve("book.txt"), 6_000);
    tokenizer = TinyTokenizer.write(directory.resolve("tokenizer.json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:ActiveProcessorCount=1",
        "-XX:ActiveProcessorCount=2 " + POOL + "2",
        "-XX:ActiveProcessorCount=4"
      })
  void everyCommandIsRight(String flags) throws Exception {
    String home = S3Server.freshStore();
    List<String> words = TestJvm.java(flags.split(" "));
    words.addAll(List.of(TestJvm.s3()));
    words.addAll(
        List.of("-cp", System.getProperty("java.class.path"), S3CoresTest.class.getName()));
    words.addAll(List.of(text.toString(), home, S3Server.freshStore(), S3Server.freshStore()));
    words.add(tokenizer.toString());
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  /** The commands, in the JVM that has few cores. */
  public static void main(String[] words) throws IOException {
    Object home = words[1];
    TestDatasets.small(Path.of(words[0]), home, "--tokenizer", words[4]).succeeds();
    Command.run("inspect", home).succeeds();
    Command.run("load", home).succeeds();
    Command.run("verify", home).succeeds();
    Command.run("replicate", home, "--to", words[2], "--region", "far").succeeds();
    S3Test.damage(home.toString());
    Command.run("verify", home).fails(1);
    Command.run("verify", home, "--repair").succeeds();
    Command.run("migrate", home, "--layout", "planes", "--out", words[3]).succeeds();
    Command.run("verify", words[3]).succeeds();
    putStrays(home.toString());
    JsonNode removed = Command.run("gc", home, "--grace", "0s", "--delete", "--json").json();
    assertEquals(STRAYS, removed.get("blobs").asInt(), removed.toString());
    Command.run("verify", home).succeeds();
  }

  private static void putStrays(String home) {
    try (BlobStore store = BlobStores.open(home)) {
      for (int i = 0; i < STRAYS; i++) {
        String name = String.format(Locale.ROOT, "%064x", i);
        store.putIfAbsent("shards/" + name + ".parquet", new byte[10]);
      }
    }
  }
}
