package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.loader.order.ShuffleSpec;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RowReadsTest {
  @TempDir Path directory;

  /** A read that hangs does not hide the error of the one beside it. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // A join has no other end.
  void anErrorIsToldThoughAnotherReadHangs() throws IOException {
    try (DirectoryStore store = new DirectoryStore("home", directory)) {
      Manifest manifest =
          new SampleDatasets(store, "rows", 4, ConsistentStatistics::of).write(5, 2, 2);
      String lost = manifest.shards().get(1).key();
      store.delete(lost);
      try (Dataset dataset = Dataset.open(directory.toString())) {
        AtomicInteger parts = new AtomicInteger();
        RowReads reads =
            new RowReads(
                ImmutableList.of(new Source(List.of(dataset), ShuffleSpec.NONE, 0)),
                Projection.ALL,
                part -> {
                  if (parts.getAndIncrement() > 0) { // The first hangs: it is never run.
                    part.run();
                  }
                });
        DataException error =
            assertThrows(
                DataException.class, () -> reads.read(0, new int[] {0, 0}, new long[] {0, 2}));
        assertTrue(error.getMessage().contains(lost), error.getMessage());
        assertEquals(2, parts.get());
      }
    }
  }
}
