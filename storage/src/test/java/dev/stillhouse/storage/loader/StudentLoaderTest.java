package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.dataset.verify.ConsistentUnions;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudentLoaderTest {
  private static final int SEQUENCES = 23;

  @TempDir static Path directory = Path.of("unset");

  @BeforeAll
  static void writeDatasets() throws IOException {
    for (String layout : List.of("rows", "columns", "planes", "adaptive")) {
      try (BlobStore store = new DirectoryStore("home", directory.resolve(layout))) {
        new SampleDatasets(store, layout, 12, ConsistentStatistics::of).write(5, 9, 1, 13);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 22, 23})
  void givesEverySequenceOnceTailIncluded(int batch) {
    try (Dataset dataset = open("rows")) {
      StudentLoader loader = StudentLoader.open(dataset).seed(3).batch(batch).start();
      List<Long> seen = new ArrayList<>();
      while (loader.hasNext()) {
        LoadedBatch loaded = loader.next();
        assertEquals(
            Math.min(batch, SEQUENCES - seen.size()), loaded.statistics().tokens().sequences());
        Arrays.stream(loaded.sequences()).forEach(seen::add);
      }
      assertEquals(
          LongStream.range(0, SEQUENCES).boxed().toList(), seen.stream().sorted().toList());
      assertThrows(NoSuchElementException.class, loader::next);
      assertEquals(SEQUENCES, loader.cursor().samples());
    }
  }

  @Test
  void givesTheRowsThatItSays() {
    try (Dataset dataset = open("columns")) {
      LoadedBatch loaded = StudentLoader.open(dataset).batch(7).start().next();
      StatisticsBatch all = loaded.statistics();
      for (int row = 0; row < 7; row++) {
        StatisticsBatch one = dataset.read(loaded.sequences()[row], 1, Projection.ALL);
        assertArrayEquals(one.tokens().fingerprint(0), all.tokens().fingerprint(row));
        for (int i = 0; i < 12; i++) {
          int slot = row * 12 + i;
          assertEquals(one.entropy()[i], all.entropy()[slot]);
          assertEquals(one.logTail()[i], all.logTail()[slot]);
          assertEquals(one.logNormaliser()[i], all.logNormaliser()[slot]);
          assertEquals(one.targetLogProb()[i], all.targetLogProb()[slot]);
          assertArrayEquals(
              Arrays.copyOfRange(one.ids(), one.offsets()[i], one.offsets()[i + 1]),
              Arrays.copyOfRange(all.ids(), all.offsets()[slot], all.offsets()[slot + 1]));
          assertArrayEquals(
              Arrays.copyOfRange(one.logProbs(), one.offsets()[i], one.offsets()[i + 1]),
              Arrays.copyOfRange(all.logProbs(), all.offsets()[slot], all.offsets()[slot + 1]));
        }
      }
    }
  }

  /** A tail is summed anew only where entries may have been left out. */
  @Test
  void aBatchSaysWhetherEntriesWereLeftOut() {
    try (Dataset dataset = open("planes")) {
      int kept = dataset.statistic().maxEntries();
      for (int k : List.of(1, kept - 1, kept, kept + 1)) {
        Projection projection = new Projection(Projection.ALL.columns(), k);
        try (StudentLoader loader = StudentLoader.open(dataset).projection(projection).start()) {
          assertEquals(k < kept ? k : Integer.MAX_VALUE, loader.next().maxEntries());
        }
      }
    }
  }

  /** Digests are written down in students' logs. */
  @Test
  void digestsOfPlainTopKStayAsTheyWere() throws IOException {
    Path home = Files.createTempDirectory(directory, "plain");
    try (BlobStore store = new DirectoryStore("home", home)) {
      new SampleDatasets(store, "columns", 12, SampleBatches::statistics).write(5, 9, 1, 13);
    }
    try (Dataset dataset = Dataset.open(home.toString())) {
      Cursor end = finish(StudentLoader.open(dataset).seed(4).start());
      assertEquals("FVaZhyX-zN1tzx_Vspx7Kg", end.digest());
      assertEquals("lSZTdE-cINQ", end.values());
    }
  }

  @Test
  void givesWhatUnionsHave() throws IOException {
    StatisticSpec spec =
        StatisticSpec.parse("top-k:3+sample:9,temperature=2.0+target+normaliser-at:2.0,4.0");
    ConsistentUnions unions = new ConsistentUnions(spec);
    Set<String> contents = new HashSet<>();
    contents.add(content(spec, unions::of));
    contents.add(content(spec, unions::of));
    assertEquals(1, contents.size());
    List<Consumer<StatisticsBatch>> changes =
        List.of(
            batch -> batch.provenance().reasons()[3] ^= 1,
            batch -> batch.provenance().counts()[3]++,
            batch -> batch.provenance().logProposals()[3]--,
            batch -> batch.further()[0][3]++,
            batch -> batch.further()[1][3]++);
    for (Consumer<StatisticsBatch> change : changes) {
      contents.add(
          content(
              spec,
              (random, tokens, k, vocabulary) -> {
                StatisticsBatch batch = unions.of(random, tokens, k, vocabulary);
                change.accept(batch);
                return batch;
              }));
    }
    assertEquals(1 + changes.size(), contents.size(), "each value counts");
  }

  /** The content digest of an epoch over unions, whose batches are compared with single reads. */
  private static String content(StatisticSpec spec, SampleDatasets.Statistics statistics)
      throws IOException {
    Path home = Files.createTempDirectory(directory, "union");
    try (BlobStore store = new DirectoryStore("home", home)) {
      new SampleDatasets(store, "columns", 12, spec, statistics).write(5, 9, 1);
    }
    try (Dataset dataset = Dataset.open(home.toString())) {
      assertEquals(spec, dataset.statistic());
      StudentLoader loader = StudentLoader.open(dataset).batch(7).start();
      LoadedBatch loaded = loader.next();
      for (int row = 0; row < 7; row++) {
        StatisticsBatch one = dataset.read(loaded.sequences()[row], 1, Projection.ALL);
        assertSameRow(one, loaded.statistics(), row);
      }
      return finish(loader).values();
    }
  }

  private static void assertSameRow(StatisticsBatch one, StatisticsBatch all, int row) {
    int first = all.offsets()[row * 12];
    int end = all.offsets()[row * 12 + 12];
    int count = one.entries();
    assertEquals(count, end - first);
    assertArrayEquals(
        Arrays.copyOf(one.provenance().reasons(), count),
        Arrays.copyOfRange(all.provenance().reasons(), first, end));
    assertArrayEquals(
        Arrays.copyOf(one.provenance().counts(), count),
        Arrays.copyOfRange(all.provenance().counts(), first, end));
    assertArrayEquals(
        Arrays.copyOf(one.provenance().logProposals(), count),
        Arrays.copyOfRange(all.provenance().logProposals(), first, end));
    for (int t = 0; t < 2; t++) {
      float[] values = all.further()[t];
      assertArrayEquals(one.further()[t], Arrays.copyOfRange(values, row * 12, row * 12 + 12));
    }
  }

  @Test
  void epochsAndSeedsHaveOrdersOfTheirOwn() {
    try (Dataset dataset = open("rows")) {
      long[] order = order(dataset, 1, 0);
      assertArrayEquals(order, order(dataset, 1, 0));
      assertFalse(Arrays.equals(order, order(dataset, 1, 1)));
      assertFalse(Arrays.equals(order, order(dataset, 2, 0)));
      assertFalse(Arrays.equals(order(dataset, 2, 0), order(dataset, 1, 1)));
    }
  }

  @Test
  void aResumeAtAnyPlaceAndBatchSizeConsumesTheSame() {
    try (Dataset dataset = open("rows")) {
      Cursor end = finish(StudentLoader.open(dataset).seed(9).epoch(2).batch(4).start());
      for (int stop = 0; stop <= SEQUENCES; stop++) {
        Cursor stopped =
            finish(StudentLoader.open(dataset).seed(9).epoch(2).stopAfter(stop).start());
        Cursor saved = Cursor.parse(stopped.toJson(), "file");
        assertEquals(2 * SEQUENCES + stop, saved.samples());
        Cursor resumed =
            finish(StudentLoader.open(dataset).epoch(2).resume(saved.withBatch(1 + stop % 5)));
        assertEquals(end, resumed.withBatch(4));
      }
    }
  }

  @Test
  void everyLayoutGivesTheSameTokens() {
    try (Dataset rows = open("rows");
        Dataset columns = open("columns")) {
      assertEquals(rows.manifest().fingerprint(), columns.manifest().fingerprint());
      assertNotEquals(rows.manifest().digest(), columns.manifest().digest());
      Cursor one = finish(StudentLoader.open(rows).seed(4).start());
      Cursor other = finish(StudentLoader.open(columns).seed(4).start());
      assertEquals(one.digest(), other.digest());
      assertNotEquals(one.values(), other.values(), "columns rounds log-probs");
      assertNotEquals(one.digest(), StudentLoader.open(rows).seed(4).start().cursor().digest());
      assertArrayEquals(order(rows, 4, 0), order(columns, 4, 0));
    }
  }

  @Test
  void refusesAnothersCursorAndNamesTheField() {
    try (Dataset dataset = open("rows")) {
      Cursor own = finish(StudentLoader.open(dataset).seed(7).batch(4).stopAfter(4).start());
      Cursor other = Cursor.of("f".repeat(12), 7, "global", 4, 4, "", own.digest(), own.values());
      DataException error =
          assertThrows(DataException.class, () -> StudentLoader.open(dataset).resume(other));
      assertTrue(String.valueOf(error.getMessage()).contains("data is ffff"), error.toString());
      refused("seed", () -> StudentLoader.open(dataset).seed(8).resume(own));
      refused("batch", () -> StudentLoader.open(dataset).batch(5).resume(own));
      refused("order", () -> StudentLoader.open(dataset).shuffle("none").resume(own));
      finish(StudentLoader.open(dataset).seed(7).batch(4).shuffle("global").resume(own));
      Cursor part = finish(StudentLoader.open(dataset).rank(1, 3).stopAfter(5).start());
      refused("1/3", () -> StudentLoader.open(dataset).resume(part));
      refused("1/3", () -> StudentLoader.open(dataset).rank(2, 3).resume(part));
      finish(StudentLoader.open(dataset).rank(1, 3).resume(part));
    }
  }

  private static void refused(String what, Executable resume) {
    String message = assertThrows(UsageException.class, resume).getMessage();
    assertTrue(String.valueOf(message).contains(what), message);
  }

  @Test
  void refusesSettingsOutOfRange() {
    try (Dataset dataset = open("rows")) {
      StudentLoaderBuilder builder = StudentLoader.open(dataset);
      assertThrows(UsageException.class, () -> builder.batch(0));
      assertThrows(UsageException.class, () -> builder.seed(-1));
      assertThrows(UsageException.class, () -> builder.epoch(-1));
      assertThrows(UsageException.class, () -> builder.epochs(0));
      assertThrows(UsageException.class, () -> builder.ahead(-1));
      assertThrows(UsageException.class, () -> builder.stopAfter(-1));
      assertThrows(UsageException.class, () -> builder.rank(0, 0));
      assertThrows(UsageException.class, () -> builder.rank(3, 3));
      assertThrows(UsageException.class, () -> builder.rank(-1, 3));
      assertThrows(UsageException.class, () -> builder.shuffle("blocks"));
      refused("23 sequences", () -> StudentLoader.open(dataset).batch(24).start());
    }
  }

  @Test
  void readsAheadWhatItReadsInPlace() {
    try (Dataset dataset = open("planes")) {
      Cursor inPlace = finish(StudentLoader.open(dataset).batch(3).ahead(0).epochs(3).start());
      for (long bytes : new long[] {1, 10_000, 1 << 20}) {
        assertEquals(
            inPlace,
            finish(StudentLoader.open(dataset).batch(3).aheadOrOneStep(bytes).epochs(3).start()));
      }
      UsageException small =
          assertThrows(
              UsageException.class, () -> StudentLoader.open(dataset).batch(3).ahead(999).start());
      assertTrue(
          String.valueOf(small.getMessage())
              .matches("ahead 999 bytes: one step takes about [0-9,]+; .*"),
          small.getMessage());
      assertEquals(3 * SEQUENCES, inPlace.samples());
    }
  }

  @Test
  void aStepReadsNoColumnsThatItDoesNotWant() {
    long all = bytesRead(Projection.ALL);
    long none = bytesRead(new Projection(Projection.ALL.columns(), 0));
    assertTrue(none < all * 0.8, none + " of " + all);
  }

  private static long bytesRead(Projection projection) {
    try (Dataset dataset = open("planes")) {
      long before = dataset.ledger().sum().bytes();
      finish(StudentLoader.open(dataset).batch(3).projection(projection).start());
      return dataset.ledger().sum().bytes() - before;
    }
  }

  @Test
  void anEpochThatIsOverHasNothingLeft() {
    try (Dataset dataset = open("rows")) {
      Cursor end = finish(StudentLoader.open(dataset).start());
      assertFalse(StudentLoader.open(dataset).resume(end).hasNext());
      assertTrue(StudentLoader.open(dataset).epochs(2).resume(end).hasNext());
    }
  }

  /** What was given stays given: the cursor at a failure is where a resume goes on. */
  @Test
  void aShardThatVanishesLosesNothing() throws IOException {
    Path home = Files.createTempDirectory(directory, "vanishing");
    Manifest manifest;
    try (BlobStore store = new DirectoryStore("home", home)) {
      manifest = new SampleDatasets(store, "planes", 12, ConsistentStatistics::of).write(5, 9, 9);
    }
    Path shard = home.resolve(manifest.shards().get(1).key());
    Path away = home.resolve("away");
    try (Dataset dataset = Dataset.open(home.toString())) {
      Cursor whole = finish(StudentLoader.open(dataset).shuffle("none").batch(4).start());
      Files.move(shard, away);
      StudentLoader loader =
          StudentLoader.open(dataset).shuffle("none").batch(4).ahead(1 << 20).start();
      DataException error =
          assertThrows(DataException.class, () -> loader.forEachRemaining(batch -> {}));
      assertTrue(error.getMessage().contains(manifest.shards().get(1).key()), error.getMessage());
      assertEquals(error, assertThrows(DataException.class, loader::next), "no step is skipped");
      assertEquals(8, loader.cursor().samples());
      Files.move(away, shard);
      assertEquals(whole, finish(StudentLoader.open(dataset).resume(loader.cursor())));
    }
  }

  private static Dataset open(String layout) {
    return Dataset.open(directory.resolve(layout).toString());
  }

  private static long[] order(Dataset dataset, long seed, long epoch) {
    return StudentLoader.open(dataset)
        .seed(seed)
        .epoch(epoch)
        .batch(SEQUENCES)
        .start()
        .next()
        .sequences();
  }

  private static Cursor finish(StudentLoader loader) {
    try (loader) {
      loader.forEachRemaining(batch -> {});
      return loader.cursor();
    }
  }
}
