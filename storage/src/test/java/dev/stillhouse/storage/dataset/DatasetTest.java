package dev.stillhouse.storage.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Wanted;
import dev.stillhouse.storage.region.DirectoryStore;
import dev.stillhouse.storage.region.RegionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
  @TempDir Path directory = Path.of("unset");

  @Test
  void readsAcrossRowsOfOneShard() throws IOException {
    Manifest manifest = write();
    try (Dataset dataset = Dataset.open(directory.toString())) {
      assertEquals(manifest, dataset.manifest());
      assertEquals(4, dataset.read(4, 3, Wanted.ALL).tokens().firstSequence());
      assertEquals(3, dataset.read(4, 3, Wanted.ALL).tokens().sequences());
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
            assertThrows(DataException.class, () -> dataset.read(wrong[0], wrong[1], Wanted.ALL));
        assertFalse(error instanceof DamagedBlobException, error.getMessage());
      }
    }
  }

  /** Law 5: what is committed later is not seen. */
  @Test
  void keepsTheVersionItWasOpenedAt() throws IOException {
    Manifest first = write();
    try (Dataset dataset = Dataset.open(directory.toString());
        RegionStore store = new DirectoryStore("home", directory)) {
      Manifest second =
          new SampleDatasets(store, "rows", 6, ConsistentStatistics::of)
              .manifest(2, first.shards().subList(0, 1));
      assertEquals(ManifestLog.Outcome.COMMITTED, SampleDatasets.log(store).append(second));
      assertEquals(first, dataset.manifest());
      assertEquals(6, dataset.read(6, 1, Wanted.ALL).tokens().firstSequence());
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

  private Manifest write() throws IOException {
    try (RegionStore store = new DirectoryStore("home", directory)) {
      Manifest manifest =
          new SampleDatasets(store, "rows", 6, ConsistentStatistics::of).write(1, 4, 3);
      assertEquals(
          List.of(0L, 4L), manifest.shards().stream().map(s -> s.firstSequence()).toList());
      return manifest;
    }
  }
}
