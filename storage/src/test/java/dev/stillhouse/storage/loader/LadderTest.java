package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.manifest.ReplicaLog;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The loader's ladder, E0 to E4, by random chains: a student runs on some ranks, stops or crashes,
 * comes back on others, with steps of another size, on another layout or from another region, until
 * its epochs are over. Every chain must consume what one undisturbed run does.
 */
@Tag("slow")
class LadderTest {
  private static final int CHAINS = 1000;
  private static final int SEQUENCES = 23;
  private static final List<String> LAYOUTS = List.of("planes", "columns", "elsewhere");

  @TempDir static Path directory = Path.of("unset");

  private static final Map<String, Dataset> DATASETS = new HashMap<>();

  /** By seed, epochs and shuffle: many chains are compared with the same run. */
  private static final Map<List<?>, Whole> UNDISTURBED = new HashMap<>();

  @BeforeAll
  static void write() throws IOException {
    // Tokens depend on seed and shape alone; planes and columns keep the same float16 values.
    for (String name : LAYOUTS) {
      Path home = directory.resolve(name);
      try (BlobStore store = new DirectoryStore("home", home)) {
        String layout = name.equals("elsewhere") ? "planes" : name;
        new SampleDatasets(store, layout, 12, ConsistentStatistics::of).write(5, 9, 1, 13);
        if (name.equals("elsewhere")) { // The manifest is at home, the shards are in a copy alone.
          Path copy = directory.resolve("copy");
          Files.createDirectories(copy);
          Files.move(home.resolve("shards"), copy.resolve("shards"));
          new ReplicaLog(store, new Ledger()).add(new ReplicaRecord("copy", copy.toString()));
        }
      }
      DATASETS.put(name, Dataset.open(home.toString()));
    }
  }

  private static Dataset dataset(String name) {
    return Objects.requireNonNull(DATASETS.get(name));
  }

  @AfterAll
  static void close() {
    DATASETS.values().forEach(Dataset::close);
  }

  @Test
  void chainsOfResizesAndCrashesLoseAndDoubleNothing() {
    for (int seed = 0; seed < CHAINS; seed++) {
      new Chain(seed).run();
    }
  }

  /** What one undisturbed rank gives. */
  private record Whole(List<Long> sequences, Cursor end) {}

  private static final class Chain {
    private final Random random;
    private final long seed;
    private final int epochs;
    private final String shuffle;
    private final List<Long> given = new ArrayList<>();

    Chain(int number) {
      random = new Random(number);
      seed = random.nextInt(5);
      epochs = 1 + random.nextInt(2);
      shuffle = List.of("none", "global", "blocks:2/4", "blocks:1").get(random.nextInt(4));
    }

    void run() {
      Whole whole = UNDISTURBED.computeIfAbsent(List.of(seed, epochs, shuffle), unused -> whole());
      Cursor cursor = builder("planes", Rank.ONLY, 0).seed(seed).shuffle(shuffle).start().cursor();
      int runs = 0;
      while (given.size() < (long) epochs * SEQUENCES) {
        cursor = run(cursor);
        runs++;
        // E0, E2: in order, none lost, none doubled.
        assertEquals(whole.sequences().subList(0, given.size()), given, "chain, run " + runs);
      }
      // E3, E4: the same tokens at the same places, the same values.
      assertEquals(whole.end(), Cursor.parse(cursor.toJson(), "end").withBatch(1));
    }

    private Whole whole() {
      List<Long> sequences = new ArrayList<>();
      StudentLoader loader =
          builder("planes", Rank.ONLY, 0).batch(1).seed(seed).shuffle(shuffle).start();
      while (loader.hasNext()) {
        sequences.add(loader.next().sequences()[0]);
      }
      return new Whole(sequences, loader.cursor());
    }

    private StudentLoaderBuilder builder(String dataset, Rank rank, long ahead) {
      return StudentLoader.open(dataset(dataset))
          .rank(rank.rank(), rank.worldSize())
          .aheadOrOneStep(ahead)
          .epochs(epochs);
    }

    /** All ranks, for some steps; a crash throws away what came after the last checkpoint. */
    private Cursor run(Cursor from) {
      int ranks = 1 + random.nextInt(6);
      int batch = 1 + random.nextInt(12);
      List<StudentLoader> loaders = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        String dataset = LAYOUTS.get(random.nextInt(LAYOUTS.size()));
        long ahead = random.nextInt(3) == 0 ? 1 << 14 : 0;
        loaders.add(builder(dataset, new Rank(rank, ranks), ahead).resume(from.withBatch(batch)));
      }
      int steps = random.nextInt(6);
      for (int step = 0; step < steps && loaders.get(0).hasNext(); step++) {
        given.addAll(step(loaders));
      }
      List<Cursor> parts = new ArrayList<>();
      for (StudentLoader loader : loaders) {
        parts.add(Cursor.parse(loader.cursor().toJson(), "part"));
      }
      for (int lost = random.nextInt(3); lost > 0 && loaders.get(0).hasNext(); lost--) {
        step(loaders); // consumed, but the crash comes before the next checkpoint
      }
      loaders.forEach(StudentLoader::close);
      return Cursor.merge(parts);
    }

    /** E1: ranks, one after the other, are the step. */
    private static List<Long> step(List<StudentLoader> loaders) {
      List<Long> all = new ArrayList<>();
      long next = loaders.get(0).cursor().samples();
      for (StudentLoader loader : loaders) {
        LoadedBatch batch = loader.next();
        assertEquals(next + all.size(), batch.firstSample());
        for (int row = 0; row < batch.sequences().length; row++) {
          all.add(batch.sequences()[row]);
        }
        assertEquals(batch.sequences().length, batch.statistics().tokens().sequences());
      }
      for (StudentLoader loader : loaders) {
        assertEquals(next + all.size(), loader.cursor().samples(), "all ranks are at one place");
      }
      return all;
    }
  }

  /** What the ladder's last rung is for: other data, or another order, is found out. */
  @Test
  void digestsTellOrdersAndValuesApart() {
    Dataset dataset = dataset("planes");
    Cursor global = end(StudentLoader.open(dataset));
    Cursor none = end(StudentLoader.open(dataset).shuffle("none"));
    assertNotEquals(global.digest(), none.digest(), "another order");
    assertEquals(global.values(), none.values(), "the same values");
    assertNotEquals(global.digest(), end(StudentLoader.open(dataset).seed(1)).digest());
    assertEquals(global.digest(), end(StudentLoader.open(dataset("columns"))).digest());
  }

  @Test
  void aRankWithoutRowsTakesTheStepAllTheSame() {
    Dataset dataset = dataset("planes");
    try (StudentLoader loader =
        StudentLoader.open(dataset).batch(5).rank(0, 4).stopAfter(3).start()) {
      LoadedBatch batch = loader.next();
      assertArrayEquals(new long[0], batch.sequences());
      assertEquals(0, batch.statistics().tokens().slots());
      assertEquals(2, batch.rows());
      assertEquals(3, loader.cursor().samples());
    }
  }

  private static Cursor end(StudentLoaderBuilder builder) {
    try (StudentLoader loader = builder.start()) {
      loader.forEachRemaining(batch -> {});
      return loader.cursor();
    }
  }
}
