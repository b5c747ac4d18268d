package dev.stillhouse.storage.dataset.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.manifest.CommitOutcome;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.LossyStore;
import dev.stillhouse.storage.store.LossyStore.Fate;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GarbageCollectorTest {
  private static final String STRAY = "shards/" + "a".repeat(64) + ".parquet";
  private static final Retention EVERY = new Retention(Retention.ALL, Retention.DAY);
  private static final Retention ONE = new Retention(1, Retention.DAY);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final MemoryStore home = new MemoryStore("home", () -> now);
  private final MemoryStore far = new MemoryStore("far", () -> now);
  private final SampleDatasets samples =
      new SampleDatasets(home, "rows", 8, ConsistentStatistics::of);

  @AfterEach
  void close() {
    home.close();
    far.close();
  }

  private void pass(int hours) {
    now = now.plus(Duration.ofHours(hours));
  }

  private GarbageCollector collector(Retention retention) {
    return new GarbageCollector(List.of(home, far), new Ledger(), retention, () -> now);
  }

  private Set<String> found(Retention retention) {
    Set<String> keys = new TreeSet<>();
    collector(retention).find().items().forEach(i -> keys.add(i.region() + ": " + i.key()));
    return keys;
  }

  /** Version 2 shares its first shard with version 1; all is in both regions. */
  private List<Manifest> twoVersions() throws IOException {
    ShardRecord both = samples.shard(1, 0, 2);
    Manifest one = commit(samples.manifest(1, List.of(both, samples.shard(2, 2, 3))));
    pass(100);
    Manifest two = commit(samples.manifest(2, List.of(both, samples.shard(3, 2, 3))));
    return List.of(one, two);
  }

  private Manifest commit(Manifest manifest) throws IOException {
    assertEquals(CommitOutcome.COMMITTED, SampleDatasets.log(home).append(manifest));
    copy();
    return manifest;
  }

  private void copy() throws IOException {
    Path file = far.scratch().resolve("copy");
    for (String key : home.list("")) {
      Files.write(
          file,
          new ReplicaReader(List.of(home), new Ledger()).readWhole(key, 1 << 20).orElseThrow());
      far.putIfAbsent(key, file);
    }
    Files.delete(file);
  }

  private static void put(BlobStore store, String key, String text) {
    assertTrue(store.putIfAbsent(key, text.getBytes(UTF_8)));
  }

  private static Set<String> only(Manifest manifest, Manifest other) {
    Set<String> keys = new TreeSet<>();
    for (ShardRecord shard : manifest.shards()) {
      if (!other.shards().contains(shard)) {
        keys.addAll(Set.of(shard.key(), shard.tokens().key()));
      }
    }
    return keys;
  }

  @Test
  void aStrayBlobGoesOnceItIsOld() throws IOException {
    twoVersions();
    pass(100);
    put(home, STRAY, "stray");
    put(far, "tokens/" + "b".repeat(64) + ".parquet", "stray");
    pass(24);
    assertEquals(Set.of(), found(EVERY), "just as old as the grace time");
    now = now.plusSeconds(1);
    assertEquals(
        Set.of("home: " + STRAY, "far: tokens/" + "b".repeat(64) + ".parquet"), found(EVERY));
    GarbageCollector collector = collector(EVERY);
    Garbage garbage = collector.find();
    assertEquals(10, garbage.bytes());
    assertTrue(home.size(STRAY).isPresent(), "looking removes nothing");
    assertEquals(new Garbage.Removed(2, 10, Map.of()), collector.delete(garbage));
    assertEquals(Set.of(), found(EVERY));
  }

  @Test
  void aBlobOfTheFutureStays() throws IOException {
    twoVersions();
    put(home, STRAY, "stray");
    pass(-1000);
    assertEquals(Set.of(), found(ONE));
  }

  @Test
  void anOldVersionGoesWithWhatItAloneNeeds() throws IOException {
    List<Manifest> versions = twoVersions();
    pass(25);
    assertEquals(Set.of(), found(EVERY));
    assertEquals(Set.of(), found(new Retention(2, Retention.DAY)));
    Set<String> expected = new TreeSet<>();
    for (String key : only(versions.get(0), versions.get(1))) {
      expected.addAll(Set.of("home: " + key, "far: " + key));
    }
    expected.addAll(Set.of("home: " + ManifestLog.key(1), "far: " + ManifestLog.key(1)));
    assertEquals(6, expected.size());
    assertEquals(expected, found(ONE));
    GarbageCollector collector = collector(ONE);
    Garbage garbage = collector.find();
    assertEquals(Set.of(1L), Set.copyOf(garbage.versions()));
    assertEquals(6, collector.delete(garbage).copies());
    assertEquals(versions.get(1), SampleDatasets.log(home).latest().orElseThrow());
    assertEquals(Set.of(), found(ONE));
  }

  @Test
  void aVersionThatWasTheNewestADayAgoStays() throws IOException {
    twoVersions();
    pass(24);
    assertEquals(Set.of(), found(ONE));
  }

  @Test
  void aLeaseHoldsItsVersionUntilItExpires() throws IOException {
    twoVersions();
    Pins pins = new Pins(home, new Ledger());
    pins.put("student", Pin.of(1, now.plus(Duration.ofHours(50))));
    pins.put("other", Pin.of(2, now));
    pass(49);
    assertEquals(Set.of("home: pins/other.json"), found(ONE));
    pass(1);
    assertTrue(found(ONE).contains("home: " + ManifestLog.key(1)), "it expired just now");
    pass(25);
    assertTrue(found(ONE).contains("home: pins/student.json"));
  }

  /** Too early is no reason to remove: a lease that had expired holds again, and all is young. */
  @Test
  void aClockThatWasSetBackLetsNothingGo() throws IOException {
    twoVersions();
    put(home, STRAY, "stray");
    new Pins(home, new Ledger()).put("student", Pin.of(1, now.plus(Duration.ofHours(1))));
    pass(100);
    assertTrue(found(ONE).contains("home: " + ManifestLog.key(1)));
    pass(-1000);
    assertEquals(Set.of(), found(ONE));
  }

  @Test
  void aLeaseThatNobodyCanReadHoldsAll() throws IOException {
    twoVersions();
    put(home, "pins/x.json", "hello");
    pass(1000);
    assertEquals(Set.of(), found(ONE));
    Garbage garbage = collector(ONE).find();
    assertTrue(garbage.doubts().get(0).contains("pins/x.json, line 1"), garbage.toString());
    put(home, STRAY, "stray");
    pass(25);
    assertEquals(Set.of("home: " + STRAY), found(ONE), "what no version names goes all the same");
  }

  @Test
  void whatAReceiptNamesStaysUntilItIsCommitted() throws IOException {
    List<Manifest> versions = twoVersions();
    ShardRecord begun = samples.shard(9, 0, 2);
    String work = "work/" + "c".repeat(64) + "/";
    put(home, work + "new.json", new String(Json.pretty(begun), UTF_8));
    put(home, work + "old.json", new String(Json.pretty(versions.get(0).shards().get(1)), UTF_8));
    put(home, work + "both.json", new String(Json.pretty(versions.get(0).shards().get(0)), UTF_8));
    put(home, work + "broken.json", "hello");
    pass(1000);
    assertEquals(Set.of(), found(EVERY));
    Set<String> going = found(ONE);
    assertTrue(!going.contains("home: " + begun.key()), going.toString());
    assertTrue(!going.contains("home: " + begun.tokens().key()), going.toString());
    assertTrue(going.contains("home: " + work + "old.json"), "its shard goes too");
    assertTrue(!going.contains("home: " + work + "both.json"), "its shard stays");
    assertEquals(7, going.size(), going.toString());
    assertEquals(2, collector(ONE).find().unfinished());
  }

  @Test
  void aYoungReceiptHoldsEvenWhatAnOldVersionNamed() throws IOException {
    List<Manifest> versions = twoVersions();
    pass(100);
    put(
        home,
        "work/" + "c".repeat(64) + "/again.json",
        new String(Json.pretty(versions.get(0).shards().get(1)), UTF_8));
    assertEquals(Set.of("home: " + ManifestLog.key(1), "far: " + ManifestLog.key(1)), found(ONE));
  }

  @Test
  void answersOfASliceThatNobodyFinishedGoOnceTheyAreOld() throws IOException {
    twoVersions();
    String part = "work/" + "c".repeat(64) + "/000000000000-" + "d".repeat(16) + ".512.part";
    put(home, part, "x");
    assertEquals(Set.of(), found(EVERY));
    pass(1000);
    assertEquals(Set.of("home: " + part), found(EVERY));
    assertEquals(List.of(), collector(EVERY).find().unknown());
  }

  @Test
  void whatIsNotKnownStaysAndIsTold() throws IOException {
    twoVersions();
    List<String> keys =
        List.of("notes.txt", "shards/x.parquet", "shards/" + "A".repeat(64) + ".parquet", "z/y/x");
    keys.forEach(key -> put(home, key, "x"));
    put(home, "regions/v00000000000000000001.json", "x");
    put(home, "work/identity.json", "x");
    pass(1000);
    assertEquals(Set.of(), found(EVERY));
    assertEquals(
        keys.stream().map(key -> "home: " + key).sorted().toList(),
        collector(EVERY).find().unknown().stream().sorted().toList());
  }

  @Test
  void teachersTokenizersAndForcedIdsStayIfAnIdentityNamesThem() throws IOException {
    twoVersions();
    String claimed = "d".repeat(64);
    for (String key : List.of("teachers/", "tokenizers/", "forced/")) {
      put(home, key + claimed, "x");
      put(home, key + "e".repeat(64), "x");
    }
    put(home, "work/identity.json", "{\"teacher\":\"" + claimed + "\"}");
    pass(1000);
    assertEquals(
        Set.of(
            "home: teachers/" + "e".repeat(64),
            "home: tokenizers/" + "e".repeat(64),
            "home: forced/" + "e".repeat(64)),
        found(EVERY));
  }

  @Test
  void aRegionThatIsAwayIsToldAndTheOthersAreDone() throws IOException {
    twoVersions();
    put(home, STRAY, "stray");
    far.vanish();
    pass(1000);
    GarbageCollector collector = collector(EVERY);
    Garbage garbage = collector.find();
    assertEquals(Map.of("far", "memory is not there"), garbage.unreachable());
    assertEquals(1, collector.delete(garbage).copies());
  }

  /** Law 5: wherever it stops, a version that is there is there whole; the next run goes on. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void whereItStopsNoVersionLacksABlob(int removals) throws IOException {
    Manifest old = twoVersions().get(0);
    String receipt = "work/" + "c".repeat(64) + "/old.json";
    put(home, receipt, new String(Json.pretty(old.shards().get(1)), UTF_8));
    pass(1000);
    AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    BlobStore line =
        new LossyStore(home, () -> left.getAndDecrement() > 0 ? Fate.ANSWERED : Fate.REQUEST_LOST);
    GarbageCollector collector = new GarbageCollector(List.of(line), new Ledger(), ONE, () -> now);
    Garbage garbage = collector.find();
    assertEquals(4, garbage.items().size());
    left.set(removals);
    Garbage.Removed removed = collector.delete(garbage);
    assertEquals(removals, removed.copies());
    assertEquals(removals == 4 ? Set.of() : Set.of("home"), removed.failed().keySet());
    boolean whole = only(old, samples.manifest(9, List.of())).stream().allMatch(this::isHome);
    assertEquals(removals < 1, isHome(receipt));
    assertEquals(removals < 2, isHome(ManifestLog.key(1)));
    assertEquals(removals < 3, whole);
    left.set(Integer.MAX_VALUE);
    collector.delete(collector.find());
    assertEquals(Set.of(), Set.copyOf(collector.find().items()));
    assertEquals(5, home.list("").size(), "version 2 with its two shards");
  }

  private boolean isHome(String key) {
    return home.size(key).isPresent();
  }

  @Test
  void withoutHomeNothingIsRemoved() throws IOException {
    twoVersions();
    home.vanish();
    DataException error = assertThrows(DataException.class, () -> found(EVERY));
    assertTrue(error.getMessage().contains("only home knows"), error.getMessage());
  }

  @Test
  void aManifestThatNobodyCanReadEndsIt() throws IOException {
    twoVersions();
    put(home, ManifestLog.key(3), "hello");
    pass(1000);
    assertTrue(assertThrows(DataException.class, () -> found(ONE)).getMessage().contains("line 1"));
  }

  @Test
  void withoutAVersionNothingIsRemoved() {
    put(home, STRAY, "stray");
    put(far, STRAY, "stray");
    pass(1000);
    DataException error = assertThrows(DataException.class, () -> found(EVERY));
    assertTrue(error.getMessage().contains("no version"), error.getMessage());
  }
}
