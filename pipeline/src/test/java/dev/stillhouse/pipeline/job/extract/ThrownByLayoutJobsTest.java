package dev.stillhouse.pipeline.job.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.migrate.MigrateJob;
import dev.stillhouse.pipeline.job.migrate.MigrateRequest;
import dev.stillhouse.pipeline.job.pack.RandomTokens;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.TestJvm;
import dev.stillhouse.storage.layout.ThrowingLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a layout's writer or reader throws ends the job with words, leaves no dataset, and lets the
 * process end.
 */
@Tag("slow")
@Timeout(300)
class ThrownByLayoutJobsTest {
  @TempDir Path directory = Path.of("unset");

  /** Extracts into, and migrates from, a layout that throws at its second shard. */
  static final class Jobs {
    private static final int V = 300;

    private Jobs() {}

    public static void main(String[] rootKindAndWords) {
      Path root = Path.of(rootKindAndWords[0]);
      String words = rootKindAndWords[2];
      System.setProperty("throwing.error", rootKindAndWords[1]);
      RandomTokens tokens =
          new RandomTokens(
              V, new Packing(512, ThrowingLayout.FROM, null), 12, root.resolve("tokens"));
      for (String place : List.of("writer", "write", "finish")) {
        System.setProperty("throwing.at", place);
        fails(root.resolve(place), words, () -> extract(tokens, root.resolve(place)));
      }
      System.setProperty("throwing.at", "nowhere");
      extract(tokens, root.resolve("whole"));
      for (String place : List.of("reader", "ranges", "decode")) {
        System.setProperty("throwing.at", place);
        fails(
            root.resolve(place), words, () -> migrate(root.resolve("whole"), root.resolve(place)));
      }
      System.out.println("done");
    }

    private static void extract(RandomTokens tokens, Path out) {
      ExtractJob.run(
          new ExtractRequest(
              tokens,
              "synthetic:rows=100,vocabulary=" + V,
              "top-k:4",
              ThrowingLayout.NAME,
              out.toString(),
              false,
              List.of()),
          JobListener.NONE);
    }

    private static void migrate(Path from, Path to) {
      MigrateJob.run(
          new MigrateRequest(
              from.toString(), OptionalLong.empty(), "columns", to.toString(), List.of()),
          JobListener.NONE);
    }

    private static void fails(Path out, String words, Runnable job) {
      try {
        job.run();
      } catch (DataException e) {
        if (e.getMessage().contains(words) && !Files.exists(out.resolve("manifests"))) {
          return;
        }
        throw e;
      }
      throw new IllegalStateException(out + ": nothing was thrown");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "memory, failed: the heap of",
    "stack, failed: something is nested too deep",
    "class, failed: a library cannot be loaded (planted)"
  })
  void theJobSaysIt(String kind, String words) throws Exception {
    List<String> java = TestJvm.java();
    java.addAll(List.of("-cp", ThrowingLayout.classPath(directory.resolve("services"))));
    java.addAll(List.of(Jobs.class.getName(), directory.toString(), kind, words));
    Process process =
        new ProcessBuilder(java).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      assertEquals("done\n", new String(process.getInputStream().readAllBytes(), UTF_8));
      assertEquals(0, process.waitFor());
    } finally {
      process.destroyForcibly();
    }
  }
}
