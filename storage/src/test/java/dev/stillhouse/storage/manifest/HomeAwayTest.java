package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.replica.cache.CacheDirectory;
import dev.stillhouse.storage.replica.cache.RangeCache;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.LossyStore;
import dev.stillhouse.storage.store.LossyStore.Fate;
import dev.stillhouse.storage.store.file.DirectoryStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset whose home is away is opened by what others know, or it is said why not. */
class HomeAwayTest {
  @TempDir Path directory = Path.of("unset");

  /** The newest that another region has, though home may have a newer one. */
  @Test
  void theNewestVersionOfAnotherRegionIsUsedWithAWord() throws IOException {
    try (MemoryStore home = new MemoryStore("home");
        MemoryStore far = new MemoryStore("far")) {
      Manifest first = new SampleDatasets(far, "rows", 8, ConsistentStatistics::of).write(1, 2);
      LossyStore away = new LossyStore(home, () -> Fate.REQUEST_LOST);
      ManifestLog log = new ManifestLog(away, new ReplicaReader(List.of(away, far), new Ledger()));
      String told = message(() -> assertEquals(Optional.of(first), log.latest()));
      assertTrue(told.contains("region home could not be reached"), told);
      assertTrue(told.contains(ManifestLog.key(1)), told);
    }
  }

  @Test
  void whereNoOtherRegionHasAVersionHomeIsToBlame() {
    try (MemoryStore home = new MemoryStore("home");
        MemoryStore far = new MemoryStore("far")) {
      LossyStore away = new LossyStore(home, () -> Fate.REQUEST_LOST);
      ManifestLog log = new ManifestLog(away, new ReplicaReader(List.of(away, far), new Ledger()));
      String message = assertThrows(DataException.class, log::latest).getMessage();
      assertTrue(message.contains("region home could not be reached"), message);
      assertTrue(message.contains("REQUEST_LOST"), message);
      ManifestLog there =
          new ManifestLog(home, new ReplicaReader(List.of(home, far), new Ledger()));
      assertEquals(Optional.empty(), there.latest(), "home is there, and has none");
    }
  }

  @Test
  void aReadersCacheKnowsTheRegionsOfAHomeThatIsAway() throws IOException {
    Path home = directory.resolve("home");
    Path copy = directory.resolve("copy");
    Manifest manifest;
    try (BlobStore store = new DirectoryStore("home", home);
        BlobStore far = new DirectoryStore("far", copy)) {
      manifest = new SampleDatasets(store, "rows", 8, ConsistentStatistics::of).write(1, 3);
      for (String key : store.list("")) {
        assertTrue(far.putIfAbsent(key, Files.readAllBytes(home.resolve(key))));
      }
      new ReplicaLog(store, new Ledger()).add(new ReplicaRecord("far", copy.toString()));
    }
    String name = home.toString();
    try (Dataset opened = Dataset.open(name, ReadOptions.DEFAULT.from(context()))) {
      assertEquals(2, opened.regions().size());
    }
    Files.move(home, directory.resolve("unmounted"));
    String told =
        message(
            () -> {
              try (Dataset opened = Dataset.open(name, ReadOptions.DEFAULT.from(context()))) {
                assertEquals(manifest, opened.manifest());
                assertEquals(3, opened.read(0, 3, Projection.ALL).tokens().sequences());
              }
            });
    assertTrue(told.contains("home of " + name + " could not be reached"), told);
    assertTrue(told.contains(ManifestLog.key(1) + " is the newest version"), told);
    String message =
        assertThrows(DataException.class, () -> Dataset.open(name).close()).getMessage();
    assertTrue(message.contains(home + " is not there"), message);
    Files.move(copy, directory.resolve("lost"));
    message =
        assertThrows(
                DataException.class,
                () -> Dataset.open(name, ReadOptions.DEFAULT.from(context())).close())
            .getMessage();
    assertTrue(message.contains("region home could not be reached"), message);
    Files.move(directory.resolve("unmounted"), home);
    try (Dataset opened = Dataset.open(name, ReadOptions.DEFAULT.from(context()))) {
      assertEquals(manifest, opened.manifest());
    }
  }

  private ReadContext context() {
    CacheDirectory cache = new CacheDirectory(directory.resolve("cache"), 1 << 20);
    return new ReadContext(
        Optional.empty(),
        CostPolicy.TIME,
        Link.IN_FLIGHT,
        Optional.of(new RangeCache(0, Optional.of(cache))));
  }

  private static String message(Runnable work) {
    PrintStream before = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setErr(new PrintStream(told, true, UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(before);
    }
    return told.toString(UTF_8);
  }
}
