package dev.stillhouse.storage.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.CommitOutcome;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.ReplicaLog;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.replica.DamagedCopy;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
  @TempDir Path parent = Path.of("unset");
  private Path directory = Path.of("unset");

  @BeforeEach
  void name() {
    directory = parent.resolve("dataset");
  }

  @Test
  void readsAcrossRowsOfOneShard() throws IOException {
    Manifest manifest = write();
    try (Dataset dataset = Dataset.open(directory.toString())) {
      assertEquals(manifest, dataset.manifest());
      assertEquals(4, dataset.read(4, 3, Projection.ALL).tokens().firstSequence());
      assertEquals(3, dataset.read(4, 3, Projection.ALL).tokens().sequences());
      assertEquals(4, dataset.sources(4).tokens().firstSequence());
    }
  }

  /** A wrong question is no damage: no copy may be given up for it. */
  @Test
  void refusesRowsThatLieInTwoShards() throws IOException {
    write();
    try (Dataset dataset = Dataset.open(directory.toString())) {
      for (int[] wrong : new int[][] {{3, 2}, {4, 4}, {6, 2}, {0, 0}, {0, -1}, {7, 1}, {-1, 1}}) {
        DataException error =
            assertThrows(
                DataException.class, () -> dataset.read(wrong[0], wrong[1], Projection.ALL));
        assertFalse(error instanceof DamagedBlobException, error.getMessage());
      }
    }
  }

  /** Law 5: what is committed later is not seen. */
  @Test
  void keepsTheVersionItWasOpenedAt() throws IOException {
    Manifest first = write();
    try (Dataset dataset = Dataset.open(directory.toString());
        BlobStore store = new DirectoryStore("home", directory)) {
      Manifest second =
          new SampleDatasets(store, "rows", 6, ConsistentStatistics::of)
              .manifest(2, first.shards().subList(0, 1));
      assertEquals(CommitOutcome.COMMITTED, SampleDatasets.log(store).append(second));
      assertEquals(first, dataset.manifest());
      assertEquals(6, dataset.read(6, 1, Projection.ALL).tokens().firstSequence());
      try (Dataset later = Dataset.open(directory.toString())) {
        assertEquals(second, later.manifest());
      }
    }
  }

  @Test
  void aDirectoryWithoutADatasetIsNamed() throws IOException {
    Path empty = directory.resolve("empty");
    DataException error =
        assertThrows(DataException.class, () -> Dataset.open(empty.toString()).close());
    assertTrue(error.getMessage().contains(empty.toString()), error.getMessage());
    assertFalse(Files.exists(empty));
  }

  @Test
  void anotherRegionServesWhatHomeHasNot() throws IOException {
    Manifest manifest = write();
    Path copy = directory.resolve("../copy").normalize();
    try (BlobStore home = new DirectoryStore("home", directory);
        BlobStore far = new DirectoryStore("far", copy)) {
      for (String key : home.list("")) {
        assertTrue(far.putIfAbsent(key, Files.readAllBytes(directory.resolve(key))));
      }
      new ReplicaLog(home, new Ledger()).add(new ReplicaRecord("far", copy.toString()));
      home.delete(manifest.shards().get(0).key());
      home.delete(manifest.shards().get(1).tokens().key());
    }
    Files.writeString(directory.resolve(ManifestLog.key(1)), "{oops");
    try (Dataset dataset = Dataset.open(directory.toString())) {
      assertEquals(manifest, dataset.manifest());
      assertEquals(4, dataset.read(0, 4, Projection.ALL).tokens().sequences());
      assertEquals(4, dataset.sources(4).tokens().firstSequence());
      assertEquals(List.of(), dataset.absences());
      DamagedCopy damaged = dataset.ledger().damagedCopies().get(0);
      assertEquals(ManifestLog.key(1) + " home", damaged.blob() + " " + damaged.region());
      MoreFiles.deleteRecursively(copy, RecursiveDeleteOption.ALLOW_INSECURE);
      assertEquals(List.of("region far: " + copy + " is not there"), dataset.absences());
      String message =
          assertThrows(DataException.class, () -> dataset.read(0, 1, Projection.ALL)).getMessage();
      assertTrue(message.contains("home: missing"), message);
      assertTrue(message.contains("far: " + copy + " is not there"), message);
    }
    String message =
        assertThrows(DataException.class, () -> Dataset.open(directory.toString()).close())
            .getMessage();
    assertTrue(message.contains("home: " + ManifestLog.key(1) + ", line 1"), message);
  }

  private Manifest write() throws IOException {
    try (BlobStore store = new DirectoryStore("home", directory)) {
      Manifest manifest =
          new SampleDatasets(store, "rows", 6, ConsistentStatistics::of).write(1, 4, 3);
      assertEquals(
          List.of(0L, 4L), manifest.shards().stream().map(s -> s.firstSequence()).toList());
      return manifest;
    }
  }
}
