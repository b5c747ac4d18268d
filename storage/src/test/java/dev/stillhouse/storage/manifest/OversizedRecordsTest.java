package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.TestJvm;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.retention.Pins;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records beside the shards whose files have 1 GiB, read with a heap of half as much. */
@Tag("slow")
@Timeout(120)
class OversizedRecordsTest {
  private static final String JOB = "c".repeat(64);

  @TempDir Path directory = Path.of("unset");
  private String list = "";

  /** What has the small heap: says what it was told, or what it found. */
  static final class ChildReader {
    private ChildReader() {}

    public static void main(String[] rootAndWhat) {
      try (BlobStore home = new DirectoryStore("home", Path.of(rootAndWhat[0]))) {
        ReplicaReader reader = new ReplicaReader(ImmutableList.of(home), new Ledger());
        switch (rootAndWhat[1]) {
          case "receipt" -> {
            var unused =
                new Receipts<>(home, reader, JOB, ShardRecord.class).find("slice", record -> {});
          }
          case "pins" -> System.out.println(new Pins(home, new Ledger()).all().unreadable());
          default -> {
            try (Dataset dataset = Dataset.open(rootAndWhat[0])) {
              System.out.println("opened " + dataset.manifest().sequences());
            }
          }
        }
      } catch (DataException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @BeforeEach
  void write() throws IOException {
    try (BlobStore home = new DirectoryStore("home", directory)) {
      SampleDatasets samples = new SampleDatasets(home, "rows", 8, ConsistentStatistics::of);
      ShardRecord shard = samples.shard(1, 0, 2);
      Manifest manifest = samples.manifest(1, ImmutableList.of(shard)).inLists(1);
      assertEquals(CommitOutcome.COMMITTED, SampleDatasets.log(home).append(manifest));
      list = home.list(BlobKind.LIST.folder()).get(0);
    }
  }

  private void grow(String key) throws IOException {
    Path file = directory.resolve(key);
    Files.createDirectories(file.resolve("..").normalize());
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(1 << 30); // A hole: it takes no space.
    }
  }

  private String message(String what) throws Exception {
    List<String> words = TestJvm.of(ChildReader.class, "-Xmx512m");
    words.addAll(List.of(directory.toString(), what));
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), UTF_8).trim();
      assertEquals(0, process.waitFor());
      return out;
    } finally {
      process.destroyForcibly();
    }
  }

  private void refused(String what, String key) throws Exception {
    String told = message(what);
    assertTrue(told.contains(key), told);
    assertTrue(told.matches("(?s).*1073741824 bytes.*(at most|the limit is) [0-9]+.*"), told);
    assertEquals(1 << 30, Files.size(directory.resolve(key)), "it is still there");
  }

  @Test
  void aManifestIsRefused() throws Exception {
    grow(ManifestLog.key(1));
    refused("manifest", ManifestLog.key(1));
  }

  @Test
  void aReceiptIsRefused() throws Exception {
    String key = "work/" + JOB + "/slice.json";
    grow(key);
    refused("receipt", key);
  }

  @Test
  void aRegionsFileIsRefused() throws Exception {
    String key = "regions/v00000000000000000001.json";
    grow(key);
    refused("regions", key);
  }

  @Test
  void aPinIsRefused() throws Exception {
    grow("pins/student.json");
    refused("pins", "pins/student.json");
  }

  /** The manifest says how long a list is, and no more of its file is read. */
  @Test
  void ofAListNoMoreIsReadThanTheManifestSays() throws Exception {
    grow(list);
    assertEquals("opened 2", message("list"));
    String sha256 = "0".repeat(64);
    DataException error =
        assertThrows(DataException.class, () -> new ListRecord(sha256, 1 << 30, 1, 0));
    assertEquals(
        "list " + sha256 + ": 1073741824 bytes, need 1 to " + ListRecord.MAX_BYTES,
        error.getMessage());
  }
}
