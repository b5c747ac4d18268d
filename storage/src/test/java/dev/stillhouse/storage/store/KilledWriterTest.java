package dev.stillhouse.storage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.TestJvm;
import dev.stillhouse.storage.store.s3.S3Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of a write leaves nothing that anybody sees. */
@Tag("slow")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledWriterTest {
  @TempDir Path directory = Path.of("unset");

  /** What is killed: puts blob after blob, one byte value each, until it dies. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] nameAndBytes) throws IOException {
      BlobStore store = BlobStores.open(nameAndBytes[0]);
      store.scratch(); // With its lock, before anything may kill this.
      int size = Integer.parseInt(nameAndBytes[1]);
      for (int i = store.list("").size(); ; i++) {
        byte[] bytes = filled(i, size);
        System.out.println(i);
        if (i % 2 == 0) {
          store.putIfAbsent("blobs/" + i, bytes);
        } else {
          Path file = Files.write(store.scratch().resolve("file" + i), bytes);
          store.putIfAbsent("blobs/" + i, file);
          Files.delete(file);
        }
      }
    }
  }

  private static byte[] filled(int value, int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void inADirectory() throws Exception {
    Path root = directory.resolve("root");
    killedAgainAndAgain(root.toString(), 64 << 20, 6);
    try (BlobStore store = BlobStores.open(root.toString());
        Stream<Path> left = Files.list(store.scratch().resolveSibling("."))) {
      assertEquals(1, left.count(), "scratch of the dead");
    }
  }

  @Test
  void inS3() throws Exception {
    killedAgainAndAgain(S3Server.freshStore(), 2 << 20, 2);
  }

  private static void killedAgainAndAgain(String name, int bytes, int rounds) throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < rounds; round++) {
      kill(name, bytes, random.nextInt(200));
      try (BlobStore store = BlobStores.open(name)) {
        for (String key : store.list("")) {
          assertEquals(bytes, store.size(key).orElseThrow(), key);
        }
        int last = store.list("").size() - 1;
        if (last >= 0) {
          String key = "blobs/" + last;
          byte[] whole = store.read(key, List.of(new ByteRange(0, bytes))).join().get(0).array();
          assertEquals(-1, Arrays.mismatch(filled(last, bytes), whole), key);
        }
      }
    }
  }

  /** Starts a writer, and kills it so many milliseconds after it began its first blob. */
  private static void kill(String name, int bytes, int milliseconds) throws Exception {
    List<String> words = TestJvm.of(Writer.class, TestJvm.s3());
    words.addAll(List.of(name, Integer.toString(bytes)));
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertTrue(out.readLine() != null, "the writer wrote nothing");
      Thread.sleep(milliseconds);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
