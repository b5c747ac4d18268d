package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.common.collect.Streams;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.HostileKeys;
import dev.stillhouse.storage.store.file.DirectoryStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of blobs in manifests and receipts are a stranger's: hundreds that lead elsewhere. */
@Tag("slow")
class NamesFromOutsideTest {
  private static final String JOB = Hashes.sha256("job");

  @TempDir Path directory = Path.of("unset");

  private static Stream<String> names() {
    return Streams.concat(
        HostileKeys.MANY.stream(),
        Stream.of("A".repeat(64), "a".repeat(63), "a".repeat(65), "../" + "a".repeat(61)));
  }

  private static String json(String name) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(name));
  }

  @Test
  void aNumberThatNoVersionHasIsNoVersion() {
    try (MemoryStore store = new MemoryStore("home")) {
      String large = "v" + "9".repeat(20) + ".json";
      for (String folder : List.of("manifests/", "regions/")) {
        assertTrue(store.putIfAbsent(folder + large, "{".getBytes(UTF_8)));
        assertEquals(Optional.empty(), BlobKind.of(folder + large));
      }
      assertEquals(Optional.empty(), SampleDatasets.log(store).latest());
    }
  }

  @Test
  void manifestsThatNameOtherFilesAreRefused() throws IOException {
    assertTrue(names().count() >= 200, names().count() + " names");
    try (MemoryStore store = new MemoryStore("home")) {
      Manifest manifest =
          new SampleDatasets(store, "rows", 8, ConsistentStatistics::of).write(1, 2);
      String right = new String(Json.pretty(manifest), UTF_8);
      ShardRecord shard = manifest.shards().get(0);
      for (String hash : List.of(shard.blob().sha256(), shard.tokens().blob().sha256())) {
        names()
            .forEach(
                name -> {
                  byte[] bad = right.replace(hash, json(name)).getBytes(UTF_8);
                  DataException e =
                      assertThrows(
                          DataException.class,
                          () -> SampleDatasets.log(store).parse("m", bad),
                          name);
                  assertTrue(e.getMessage().length() < 1000, name);
                  assertTrue(e.getMessage().chars().noneMatch(c -> c == 0 || c == 27), name);
                });
      }
    }
  }

  @Test
  void receiptsThatNameOtherFilesAreNone() throws IOException {
    Path outside = Files.writeString(directory.resolve("outside"), "secret");
    try (BlobStore store = new DirectoryStore("home", directory.resolve("root"));
        MemoryStore samples = new MemoryStore("samples")) {
      Manifest manifest =
          new SampleDatasets(samples, "rows", 8, ConsistentStatistics::of).write(1, 2);
      TokenShardRecord shard = manifest.shards().get(0).tokens();
      PackReceipt receipt = new PackReceipt("u", 1, 10, List.of(shard), Skipped.NONE);
      String right = new String(Json.pretty(receipt), UTF_8);
      Receipts<PackReceipt> receipts =
          new Receipts<>(
              store, new ReplicaReader(List.of(store), new Ledger()), JOB, PackReceipt.class);
      List<String> names = names().toList();
      for (String name : names) {
        String key = "work/" + JOB + "/s.json";
        byte[] bad = right.replace(shard.blob().sha256(), json(name)).getBytes(UTF_8);
        assertTrue(store.putIfAbsent(key, bad));
        assertEquals(Optional.empty(), receipts.find("s", r -> {}), name);
        assertTrue(store.size(key).isEmpty(), "it is removed: " + name);
        if (name.length() < 100) {
          assertThrows(DataException.class, () -> receipts.find("../" + name, r -> {}), name);
        }
      }
    }
    assertEquals("secret", Files.readString(outside));
  }
}
