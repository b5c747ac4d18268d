package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.dataset.retention.Garbage;
import dev.stillhouse.storage.dataset.retention.GarbageCollector;
import dev.stillhouse.storage.dataset.retention.Retention;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.dataset.verify.Damage;
import dev.stillhouse.storage.dataset.verify.DatasetVerifier;
import dev.stillhouse.storage.dataset.verify.VerifiedPart;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset whose shards are listed in blobs, in two regions: two versions that share a list. */
class ListedDatasetTest {
  @TempDir Path parent = Path.of("unset");
  private Path directory = Path.of("unset");
  private Path copy = Path.of("unset");
  private final List<BlobStore> regions = new ArrayList<>();
  private Manifest first = MadeUpManifests.of(1, List.of());
  private Manifest second = first;

  @BeforeEach
  void write() throws IOException {
    directory = parent.resolve("dataset");
    copy = parent.resolve("copy");
    BlobStore home = new DirectoryStore("home", directory);
    BlobStore far = new DirectoryStore("far", copy);
    regions.addAll(List.of(home, far));
    SampleDatasets samples = new SampleDatasets(home, "rows", 8, ConsistentStatistics::of);
    List<ShardRecord> shards = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      shards.add(samples.shard(i, 2L * i, 2));
    }
    first = samples.manifest(1, shards.subList(0, 3)).inLists(2);
    second = samples.manifest(2, shards).inLists(2);
    for (Manifest manifest : List.of(first, second)) {
      assertEquals(CommitOutcome.COMMITTED, SampleDatasets.log(home).append(manifest));
    }
    for (String key : home.list("")) {
      assertTrue(far.putIfAbsent(key, Files.readAllBytes(directory.resolve(key))));
    }
    new ReplicaLog(home, new Ledger()).add(new ReplicaRecord("far", copy.toString()));
  }

  @AfterEach
  void close() {
    regions.forEach(BlobStore::close);
  }

  private Set<String> listKeys() {
    return new HashSet<>(regions.get(0).list(BlobKind.LIST.folder()));
  }

  @Test
  void opensAndReads() {
    assertEquals(4, listKeys().size(), "one is shared");
    try (Dataset dataset = Dataset.open(directory.toString())) {
      assertEquals(second.shards(), dataset.manifest().shards());
      assertEquals(7, dataset.read(7, 1, Projection.ALL).tokens().firstSequence());
      assertEquals(3, dataset.readEach(new long[] {9, 0, 5}, Projection.ALL).size());
    }
    try (Dataset dataset = Dataset.open(directory.toString(), ReadOptions.DEFAULT.version(1))) {
      assertEquals(first.shards(), dataset.manifest().shards());
    }
  }

  @Test
  void itsListsAreLiveBlobs() {
    try (Dataset dataset = Dataset.open(directory.toString())) {
      List<LiveBlob> blobs = LiveBlob.of(List.of(dataset.manifest(), first), dataset.reader());
      Set<String> keys = new HashSet<>();
      blobs.forEach(blob -> keys.add(blob.key()));
      assertEquals(blobs.size(), keys.size());
      Set<String> there = new HashSet<>(regions.get(0).list(""));
      there.removeIf(key -> key.startsWith("manifests/") || key.startsWith("regions/"));
      assertEquals(there, keys);
    }
  }

  /** Replicas may get all of a version before it is committed. */
  @Test
  void listsOfAVersionThatIsNotCommittedCanBePrepared() {
    Manifest third = MadeUpManifests.of(3, List.copyOf(second.shards().subList(0, 3))).inLists(3);
    assertThrows(IllegalStateException.class, third::listBlobs);
    ManifestLog log = SampleDatasets.log(regions.get(0));
    log.prepare(third);
    assertEquals(1, third.listBlobs().size());
    assertEquals(5, listKeys().size());
    assertEquals(2, log.keys().size());
    assertEquals(CommitOutcome.COMMITTED, log.append(third));
    assertEquals(third.shards(), log.version(3).shards());
  }

  @Test
  void aDamagedListIsPassedOverFoundAndMended() throws IOException {
    for (ListRecord list : second.listBlobs()) {
      for (Path region : List.of(directory, copy)) {
        Path file = region.resolve(list.key());
        byte[] right = Files.readAllBytes(file);
        byte[] bad = right.clone();
        bad[bad.length / 2] ^= 4;
        for (int kind = 0; kind < 2; kind++) {
          Files.delete(file);
          if (kind == 0) {
            Files.write(file, bad);
          }
          try (Dataset dataset = Dataset.open(directory.toString())) {
            assertEquals(second.shards(), dataset.manifest().shards());
            List<Damage> found = new ArrayList<>();
            for (VerifiedPart part : new DatasetVerifier(dataset).parts()) {
              found.addAll(part.verify());
            }
            assertEquals(1, found.size(), found.toString());
            assertEquals(list.key(), found.get(0).blob());
            assertEquals(region.equals(copy) ? "far" : "home", found.get(0).region());
            for (VerifiedPart part : new DatasetVerifier(dataset).parts()) {
              assertEquals(List.of(), part.repair().left());
            }
          }
          assertArrayEquals(right, Files.readAllBytes(file));
        }
      }
    }
  }

  /** Of a list that no region has the manifest is no use, and both are told. */
  @Test
  void aLostListOfAnOldVersionIsFound() throws IOException {
    String lost = first.listBlobs().get(1).key();
    Files.delete(directory.resolve(lost));
    Files.delete(copy.resolve(lost));
    try (Dataset dataset = Dataset.open(directory.toString())) {
      Set<String> found = new HashSet<>();
      for (VerifiedPart part : new DatasetVerifier(dataset).parts()) {
        part.verify().forEach(damage -> found.add(damage.region() + " " + damage.blob()));
      }
      String manifest = ManifestLog.key(1);
      assertEquals(
          Set.of("home " + lost, "far " + lost, "home " + manifest, "far " + manifest), found);
    }
    DataException error =
        assertThrows(
            DataException.class,
            () -> Dataset.open(directory.toString(), ReadOptions.DEFAULT.version(1)).close());
    assertTrue(error.getMessage().contains(lost), error.getMessage());
  }

  @Test
  void whatOnlyAnOldVersionListsIsGarbage() {
    Instant later = Instant.now().plus(Retention.DAY).plusSeconds(60);
    GarbageCollector all =
        new GarbageCollector(
            regions, new Ledger(), new Retention(Retention.ALL, Retention.DAY), () -> later);
    assertEquals(List.of(), all.find().items());
    assertEquals(List.of(), all.find().unknown());
    GarbageCollector one =
        new GarbageCollector(regions, new Ledger(), new Retention(1, Retention.DAY), () -> later);
    Garbage garbage = one.find();
    Set<String> keys = new HashSet<>();
    garbage.items().forEach(item -> keys.add(item.key()));
    assertEquals(Set.of(ManifestLog.key(1), first.listBlobs().get(1).key()), keys);
    one.delete(garbage);
    assertEquals(3, listKeys().size());
    try (Dataset dataset = Dataset.open(directory.toString())) {
      assertEquals(second.shards(), dataset.manifest().shards());
    }
  }

  @Test
  void aStrayListIsGarbage() {
    String stray = "lists/" + "a".repeat(64) + ".parquet";
    assertTrue(regions.get(1).putIfAbsent(stray, new byte[3]));
    Instant later = Instant.now().plus(Retention.DAY).plusSeconds(60);
    GarbageCollector collector =
        new GarbageCollector(
            ImmutableList.copyOf(regions),
            new Ledger(),
            new Retention(Retention.ALL, Retention.DAY),
            () -> later);
    assertEquals(List.of(new Garbage.Item("far", stray, 3)), collector.find().items());
  }

  /** Law 2: another program reads the same. */
  @Test
  void duckDbReadsAList() throws Exception {
    ListRecord list = second.listBlobs().get(0);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select sha256, bytes, footer_bytes, footer_crc32c, first_sequence, fingerprint,"
                    + " positions, entropy, token_sha256, unit_start, sequences from read_parquet('"
                    + directory.resolve(list.key())
                    + "') order by first_sequence")) {
      HexFormat hex = HexFormat.of();
      for (ShardRecord shard : second.shards().subList(0, 2)) {
        assertTrue(found.next());
        assertEquals(shard.blob().sha256(), hex.formatHex(found.getBytes(1)));
        assertEquals(shard.blob().bytes(), found.getLong(2));
        assertEquals(shard.blob().footerBytes(), found.getInt(3));
        assertEquals(shard.blob().footerCrc32c(), hex.formatHex(found.getBytes(4)));
        assertEquals(shard.firstSequence(), found.getLong(5));
        assertEquals(shard.fingerprint(), hex.formatHex(found.getBytes(6)));
        assertEquals(shard.totals().positions(), found.getLong(7));
        assertEquals(shard.totals().entropy(), found.getDouble(8));
        assertEquals(shard.tokens().blob().sha256(), hex.formatHex(found.getBytes(9)));
        assertEquals(shard.tokens().unitStart(), found.getLong(10));
        assertEquals(shard.sequences(), found.getInt(11));
      }
      assertFalse(found.next());
    }
  }
}
