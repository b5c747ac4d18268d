package dev.stillhouse.serve;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedDatasetsTest {
  private static Path write(Path directory, int... sequences) throws IOException {
    try (BlobStore store = new DirectoryStore("home", directory)) {
      new SampleDatasets(store, "planes", 12, ConsistentStatistics::of).write(5, sequences);
    }
    return directory;
  }

  private static Optional<Cursor> cursor(Path directory) {
    try (Dataset dataset = Dataset.open(directory.toString());
        StudentLoader loader = StudentLoader.open(dataset).batch(2).start()) {
      loader.next();
      return Optional.of(loader.cursor());
    }
  }

  /** Its manifests are taken away, so that a look at the store would fail. */
  @Test
  void aResumeOfAnOpenVersionDoesNotLookAtTheStore(@TempDir Path directory) throws Exception {
    Path it = write(directory.resolve("it"), 5, 4);
    Optional<Cursor> own = cursor(it);
    Optional<Cursor> other = cursor(write(directory.resolve("other"), 5, 3));
    try (ServedDatasets served =
        new ServedDatasets(ImmutableMap.of("it", it.toString()), ReadContext.ANYWHERE)) {
      Dataset open = served.newest("it");
      MoreFiles.deleteRecursively(it.resolve("manifests"));
      assertSame(open, served.of("it", own));
      assertThrows(DataException.class, () -> served.of("it", other));
      assertThrows(DataException.class, () -> served.of("it", Optional.empty()));
      assertThrows(UsageException.class, () -> served.of("none", own));
    }
  }
}
