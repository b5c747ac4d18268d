package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Ticker;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.replica.DamagedCopy;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.store.HostileStore;
import dev.stillhouse.storage.store.HostileStore.Kind;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The nearest region answers what it should not. Whatever is read of a dataset comes right, from
 * the other one; a bad copy is named with its place, and is not asked for again.
 */
@Timeout(30)
class HostileReadsTest {
  private static final String JOB = Hashes.sha256("job");

  private final MemoryStore near = new MemoryStore("near");
  private final MemoryStore far = new MemoryStore("far");
  private final Ledger ledger = new Ledger();
  private Manifest manifest =
      new SampleDatasets(far, "rows", 8, ConsistentStatistics::of).manifest(1, List.of());

  @BeforeEach
  void write() throws IOException {
    for (MemoryStore store : List.of(near, far)) {
      manifest = new SampleDatasets(store, "rows", 8, ConsistentStatistics::of).write(1, 3, 2);
    }
  }

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  private HostileStore hostile(Kind kind, String other) {
    return new HostileStore(near, kind, bytes(other));
  }

  private byte[] bytes(String key) {
    return new ReplicaReader(List.of(far), new Ledger()).readWhole(key, 1 << 20).orElseThrow();
  }

  private ReplicaReader reader(HostileStore hostile) {
    return new ReplicaReader(
        List.of(hostile, far),
        ReadContext.ANYWHERE,
        ledger,
        Ticker.systemTicker(),
        Duration.ofMillis(600));
  }

  private void named(Kind kind, String key, HostileStore hostile, Runnable again) {
    named(kind, key, hostile, again, 0);
  }

  /**
   * @param looks that the store gets however often it was wrong
   */
  private void named(Kind kind, String key, HostileStore hostile, Runnable again, int looks) {
    List<DamagedCopy> met = ledger.damagedCopies();
    if (kind.damages()) {
      assertEquals(List.of(key), met.stream().map(DamagedCopy::blob).toList());
      assertEquals("near", met.get(0).region());
      assertTrue(met.get(0).offset() >= 0 && met.get(0).offset() <= bytes(key).length);
    } else {
      assertEquals(List.of(), met);
    }
    int asked = hostile.asked();
    again.run();
    assertEquals(asked + looks, hostile.asked(), "it is avoided from then on");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void rangesOfShards(Kind kind) {
    ShardRecord shard = manifest.shards().get(0);
    HostileStore hostile = hostile(kind, manifest.shards().get(1).key());
    ReplicaReader reader = reader(hostile);
    Runnable read = () -> assertRight(shard, new ShardBlobs(reader));
    read.run();
    named(kind, shard.key(), hostile, read);
  }

  private void assertRight(ShardRecord shard, ShardBlobs blobs) {
    ShardBlobs right = new ShardBlobs(new ReplicaReader(List.of(far), new Ledger()));
    StatisticsBatch expected = right.read(manifest, shard, 0, 2, Projection.ALL);
    StatisticsBatch found = blobs.read(manifest, shard, 0, 2, Projection.ALL);
    assertArrayEquals(expected.ids(), found.ids());
    assertArrayEquals(expected.logProbs(), found.logProbs());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void wholeShards(Kind kind) {
    ShardRecord shard = manifest.shards().get(0);
    HostileStore hostile = hostile(kind, manifest.shards().get(1).key());
    ReplicaReader reader = reader(hostile);
    Runnable read =
        () -> assertEquals(shard.blob().bytes(), reader.check(shard.key(), shard.blob().sha256()));
    read.run();
    named(kind, shard.key(), hostile, read);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void manifests(Kind kind) {
    Manifest second =
        new SampleDatasets(far, "rows", 8, ConsistentStatistics::of)
            .manifest(2, manifest.shards().subList(0, 1));
    for (MemoryStore store : List.of(near, far)) {
      assertEquals(CommitOutcome.COMMITTED, SampleDatasets.log(store).append(second));
    }
    HostileStore hostile =
        hostile(kind, ManifestLog.key(1)); // the older version under the new name
    ManifestLog log = new ManifestLog(hostile, reader(hostile));
    Runnable read = () -> assertEquals(Optional.of(second), log.latest());
    read.run();
    named(kind, ManifestLog.key(2), hostile, read, 1); // Is there a version that no list has?
  }

  /** A receipt that cannot be believed costs the work again, never a wrong answer. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void receipts(Kind kind) {
    PackReceipt right = new PackReceipt("u", 1, 10, List.of(), Skipped.NONE);
    PackReceipt other = new PackReceipt("u", 1, 11, List.of(), Skipped.NONE);
    for (MemoryStore store : List.of(near, far)) {
      Receipts<PackReceipt> all =
          new Receipts<>(
              store, new ReplicaReader(List.of(store), new Ledger()), JOB, PackReceipt.class);
      all.put("s", right);
      all.put("other", other);
    }
    HostileStore hostile = hostile(kind, "work/" + JOB + "/other.json");
    Optional<PackReceipt> found =
        new Receipts<>(hostile, reader(hostile), JOB, PackReceipt.class)
            .find(
                "s",
                receipt -> {
                  if (receipt.tokens() != 10) {
                    throw DataException.of("%d tokens", receipt.tokens());
                  }
                });
    assertTrue(found.isEmpty() || found.get().equals(right), found.toString());
  }
}
