package dev.stillhouse.storage.loader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.storage.TestJvm;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ThrowingLayout;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a layout's reader or writer throws reaches the caller as it is. A loader gives the steps
 * before it, then the error, at each call; a process that does no more than that ends by itself.
 */
@Tag("slow")
@Timeout(180)
class ThrownByLayoutTest {
  @TempDir Path directory = Path.of("unset");

  /** Asks in each way for what throws, and says so; ends by itself only if no thread hangs. */
  static final class ChildReader {
    private static String kind = "";

    private ChildReader() {}

    public static void main(String[] rootAndKind) throws IOException {
      kind = rootAndKind[1];
      System.setProperty("throwing.error", kind);
      try (BlobStore store = new DirectoryStore("home", Path.of(rootAndKind[0]))) {
        SampleDatasets samples =
            new SampleDatasets(store, ThrowingLayout.NAME, 12, ConsistentStatistics::of);
        samples.write(5, ThrowingLayout.FROM, ThrowingLayout.FROM);
        for (String place : new String[] {"writer", "write", "finish"}) {
          System.setProperty("throwing.at", place);
          same(place, () -> written(samples));
        }
      }
      for (String place : new String[] {"reader", "ranges", "decode"}) {
        System.setProperty("throwing.at", place);
        try (Dataset dataset = Dataset.open(rootAndKind[0])) {
          dataset.read(0, 1, Projection.ALL);
          same(place, () -> dataset.read(ThrowingLayout.FROM, 1, Projection.ALL));
          for (long ahead : new long[] {0, 1, StudentLoaderBuilder.AHEAD}) {
            loads(place + " ahead " + ahead, dataset, ahead);
          }
        }
      }
      System.out.println("done");
    }

    private static Object written(SampleDatasets samples) {
      try {
        return samples.shard(7, ThrowingLayout.FROM, 2);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void loads(String what, Dataset dataset, long ahead) {
      try (StudentLoader loader =
          StudentLoader.open(dataset)
              .shuffle("none")
              .batch(ThrowingLayout.FROM)
              .aheadOrOneStep(ahead)
              .start()) {
        loader.next();
        same(what, loader::next);
        same(what + " again", loader::next);
        if (loader.cursor().samples() != ThrowingLayout.FROM) {
          throw new IllegalStateException("the cursor is past what was given: " + loader.cursor());
        }
      }
    }

    private static void same(String what, Supplier<Object> ask) {
      try {
        var unused = ask.get();
      } catch (Error e) {
        Error expected = ThrowingLayout.error(kind);
        if (e.getClass() == expected.getClass() && "planted".equals(e.getMessage())) {
          return;
        }
        throw e;
      }
      throw new IllegalStateException(what + ": nothing was thrown");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "stack", "class"})
  void itReachesTheCallerInItsTurn(String kind) throws Exception {
    List<String> words = TestJvm.java();
    words.addAll(List.of("-cp", ThrowingLayout.classPath(directory.resolve("services"))));
    words.addAll(
        List.of(ChildReader.class.getName(), directory.resolve("dataset").toString(), kind));
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertEquals("done\n", out);
      assertEquals(0, process.waitFor());
    } finally {
      process.destroyForcibly();
    }
  }
}
