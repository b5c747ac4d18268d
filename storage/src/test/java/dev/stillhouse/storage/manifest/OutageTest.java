package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.dataset.retention.Garbage;
import dev.stillhouse.storage.dataset.retention.GarbageCollector;
import dev.stillhouse.storage.dataset.retention.Retention;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.LossyStore;
import dev.stillhouse.storage.store.LossyStore.Fate;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every set of five regions that may be away, with everything that one does to a dataset: home,
 * three replicas, and a fifth region that is to get one. What is away fails each request.
 */
@Tag("slow")
class OutageTest {
  private static final int REPLICAS = 4;
  private static final int TARGET = 4;
  private static final String STRAY = "shards/" + "a".repeat(64) + ".parquet";

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource clock = () -> now;
  private int away;
  private final List<MemoryStore> stores =
      List.of(store("home"), store("one"), store("two"), store("three"), store("four"));
  private final List<BlobStore> regions =
      IntStream.range(0, stores.size()).mapToObj(this::region).toList();
  private Manifest manifest = samples().manifest(1, List.of());

  private MemoryStore store(String name) {
    return new MemoryStore(name, clock);
  }

  private BlobStore region(int number) {
    return new LossyStore(
        stores.get(number), () -> isAway(number) ? Fate.REQUEST_LOST : Fate.ANSWERED);
  }

  private boolean isAway(int region) {
    return (away >> region & 1) == 1;
  }

  /** What one does to a dataset. */
  enum Operation {
    WRITE,
    COMMIT,
    REPLICATE,
    READ,
    GC
  }

  static Stream<Arguments> cases() {
    return IntStream.range(1, 32)
        .boxed()
        .flatMap(away -> Arrays.stream(Operation.values()).map(o -> Arguments.of(away, o)));
  }

  @BeforeEach
  void write() throws IOException {
    manifest = samples().write(1, 2);
    for (BlobStore to : regions.subList(1, REPLICAS)) {
      copy(regions.subList(0, 1), to);
    }
    for (MemoryStore store : stores) {
      assertTrue(store.putIfAbsent(STRAY, new byte[1]));
    }
    now = now.plus(Duration.ofHours(25));
  }

  @AfterEach
  void close() {
    stores.forEach(MemoryStore::close);
  }

  private SampleDatasets samples() {
    return new SampleDatasets(regions.get(0), "rows", 8, ConsistentStatistics::of);
  }

  private static ReplicaReader reader(List<BlobStore> from) {
    return new ReplicaReader(from, new Ledger());
  }

  private void copy(List<BlobStore> from, BlobStore to) {
    ReplicaReader reader = reader(from);
    BlobCopy copy = new BlobCopy(reader, to);
    LiveBlob.of(List.of(manifest), reader).forEach(copy::putMissing);
    String key = ManifestLog.key(manifest.version());
    to.putIfAbsent(key, new ManifestLog(from.get(0), reader).bytes(key));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Timeout(10)
  void itSucceedsExactlyWhenWhatItNeedsIsThere(int regionsAway, Operation operation)
      throws IOException {
    away = regionsAway;
    boolean home = !isAway(0);
    boolean anyReplica = IntStream.range(0, REPLICAS).anyMatch(region -> !isAway(region));
    boolean expected =
        switch (operation) {
          case WRITE, COMMIT, GC -> home;
          case READ -> anyReplica;
          case REPLICATE -> anyReplica && !isAway(TARGET);
        };
    if (expected) {
      perform(operation);
      return;
    }
    DataException error = assertThrows(DataException.class, () -> perform(operation));
    for (String name : blamed(operation)) {
      assertTrue(error.getMessage().contains(name), name + " is not in: " + error.getMessage());
    }
    if (operation == Operation.GC) {
      assertTrue(stores.stream().allMatch(store -> store.size(STRAY).isPresent()));
    }
  }

  /** The regions that an error must name. */
  private List<String> blamed(Operation operation) {
    return switch (operation) {
      case WRITE, COMMIT, GC -> List.of("home");
      case READ -> List.of("home", "one", "two", "three");
      case REPLICATE -> isAway(TARGET) ? List.of("four") : List.of("home", "one", "two", "three");
    };
  }

  private void perform(Operation operation) throws IOException {
    switch (operation) {
      case WRITE -> {
        ShardRecord shard = samples().shard(7, manifest.sequences(), 3);
        append(List.of(manifest.shards().get(0), shard));
      }
      case COMMIT -> append(manifest.shards());
      case READ -> read(reader(regions));
      case REPLICATE -> {
        copy(regions.subList(0, REPLICAS), regions.get(TARGET));
        read(reader(regions.subList(TARGET, TARGET + 1)));
      }
      case GC -> collect();
    }
  }

  private void append(List<ShardRecord> shards) {
    ManifestLog log = new ManifestLog(regions.get(0), reader(regions));
    Manifest next = samples().manifest(2, shards);
    assertEquals(CommitOutcome.COMMITTED, log.settle(next));
    assertEquals(next, log.latest().orElseThrow());
  }

  private void read(ReplicaReader reader) {
    ShardRecord shard = manifest.shards().get(0);
    int read =
        new ShardBlobs(reader).read(manifest, shard, 0, 2, Projection.ALL).tokens().sequences();
    assertEquals(2, read);
  }

  /** The others are done, and those that are away are told. */
  private void collect() {
    Retention retention = new Retention(Retention.ALL, Retention.DAY);
    GarbageCollector collector = new GarbageCollector(regions, new Ledger(), retention, clock);
    Garbage garbage = collector.find();
    Garbage.Removed removed = collector.delete(garbage);
    Set<String> told = garbage.unreachable().keySet();
    List<String> gone = new ArrayList<>();
    for (int region = 0; region < stores.size(); region++) {
      assertEquals(isAway(region), stores.get(region).size(STRAY).isPresent());
      if (isAway(region)) {
        gone.add(stores.get(region).region());
      }
    }
    assertEquals(gone.stream().collect(Collectors.toSet()), told);
    assertEquals(stores.size() - gone.size(), removed.copies());
  }
}
