package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.StoreName;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stores of a scheme that this release does not know, but the class path does. */
class StoreSchemesTest {
  @Test
  void aDatasetInAStoreOfAnotherSchemeIsOpenedByName() throws IOException {
    Manifest manifest;
    try (BlobStore home = BlobStores.open("shelf:home");
        BlobStore copy = BlobStores.open("shelf:copy", "copy")) {
      SampleDatasets samples = new SampleDatasets(home, "rows", 6, ConsistentStatistics::of);
      manifest = samples.manifest(1, List.of(samples.shard(1, 0, 4)));
      assertEquals(CommitOutcome.COMMITTED, SampleDatasets.log(home).append(manifest));
      new ReplicaLog(home, new Ledger()).add(new ReplicaRecord("copy", "shelf:copy"));
      assertEquals("copy", copy.region());
    }
    try (Dataset dataset = Dataset.open("shelf:home")) {
      assertEquals(manifest, dataset.manifest());
      assertEquals(3, dataset.read(1, 3, Projection.ALL).tokens().sequences());
      assertEquals(2, dataset.regions().size(), "the list of regions may name such stores");
    }
  }

  @Test
  void anUnknownSchemeListsThoseOnTheClassPath() {
    UsageException error =
        assertThrows(UsageException.class, () -> StoreName.parse("gs://id:secret@bucket/x"));
    assertEquals(
        "unknown store scheme 'gs'; supported: a path, file:///path, memory:name,"
            + " s3://bucket/prefix, shelf:name",
        error.getMessage());
  }

  /** A runner's thread may have a context loader that knows nothing of ours. */
  @Test
  @Timeout(60)
  void schemesAreFoundFromAThreadWhoseContextLoaderKnowsNone() throws InterruptedException {
    AtomicReference<String> found = new AtomicReference<>("");
    Thread thread = new Thread(() -> found.set(StoreName.parse("shelf:x").toString()));
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    thread.start();
    thread.join();
    assertEquals("shelf:x", found.get());
  }
}
