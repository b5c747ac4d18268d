package dev.stillhouse.storage.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOptionsTest {
  @TempDir Path directory;
  private String name = "";

  @BeforeEach
  void twoVersions() throws IOException {
    name = directory.toString();
    try (BlobStore home = BlobStores.open(name)) {
      SampleDatasets samples = new SampleDatasets(home, "rows", 6, ConsistentStatistics::of);
      ShardRecord both = samples.shard(1, 0, 4);
      SampleDatasets.log(home).append(samples.manifest(1, List.of(both)));
      SampleDatasets.log(home).append(samples.manifest(2, List.of(both, samples.shard(2, 4, 3))));
    }
  }

  private long version(ReadOptions options) {
    try (Dataset dataset = Dataset.open(name, options)) {
      return dataset.manifest().version();
    }
  }

  private String fingerprint(ReadOptions options) {
    try (Dataset dataset = Dataset.open(name, options)) {
      return dataset.manifest().fingerprint();
    }
  }

  @Test
  void theVersionIsTheNewestTheNamedOneOrTheNewestThatIsRight() {
    assertEquals(2, version(ReadOptions.DEFAULT));
    assertEquals(1, version(ReadOptions.DEFAULT.version(1)));
    String first = fingerprint(ReadOptions.DEFAULT.version(1));
    assertEquals(1, version(ReadOptions.DEFAULT.fingerprint(first.substring(0, 32))));
    assertEquals(2, version(ReadOptions.DEFAULT.fingerprint("of no version")));
    assertThrows(DataException.class, () -> version(ReadOptions.DEFAULT.version(3)));
  }

  @Test
  void aLedgerIsSharedOnlyIfItIsGiven() {
    Ledger ledger = new Ledger();
    ReadOptions booked = ReadOptions.DEFAULT.bookedIn(ledger);
    try (Dataset one = Dataset.open(name, booked);
        Dataset two = Dataset.open(name, booked.version(1));
        Dataset other = Dataset.open(name)) {
      assertSame(ledger, one.ledger());
      assertSame(ledger, two.ledger());
      assertNotSame(ledger, other.ledger());
    }
  }

  @Test
  void rowsOfOneShardComeInTheOrderThatIsAskedFor() {
    try (Dataset dataset = Dataset.open(name)) {
      ShardRecord second = dataset.manifest().shards().get(1);
      List<StatisticsBatch> rows = dataset.rows(second, new int[] {2, 0}, Projection.ALL).read();
      assertEquals(
          List.of(6L, 4L), rows.stream().map(row -> row.tokens().firstSequence()).toList());
      assertEquals(
          List.of(4L, 3L, 6L),
          dataset.readEach(new long[] {4, 3, 6}, Projection.ALL).stream()
              .map(row -> row.tokens().firstSequence())
              .toList());
    }
  }
}
