package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.dataset.verify.ConsistentUnions;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several datasets in one loader: teachers side by side, corpora mixed. */
class JoinsTest {
  @TempDir static Path directory = Path.of("unset");

  @BeforeAll
  static void write() throws IOException {
    write("one", 12, 5, 9, 13);
    write("other-corpus", 12, 6, 9, 13);
    write("shorter", 12, 5, 9);
    write("long-rows", 16, 5, 9);
    try (BlobStore store = store("teacher")) { // the same tokens, other statistics, other shards
      new SampleDatasets(store, "planes", 12, SampleBatches::statistics).write(5, 9, 13);
    }
    StatisticSpec spec = StatisticSpec.parse("top-k:3+sample:9");
    try (BlobStore store = store("union")) {
      new SampleDatasets(store, "columns", 12, spec, new ConsistentUnions(spec)::of)
          .write(5, 9, 13);
    }
    // As "one", but for the shard that starts at sequence 9: its tokens are others.
    try (BlobStore store = store("later")) {
      SampleDatasets samples = new SampleDatasets(store, "columns", 12, ConsistentStatistics::of);
      List<ShardRecord> shards = new ArrayList<>();
      shards.add(samples.shard(5, 0, 9));
      shards.add(samples.shard(77, 9, 13));
      SampleDatasets.log(store).append(samples.manifest(1, shards));
    }
  }

  private static void write(String name, int length, int seed, int... rows) throws IOException {
    try (BlobStore store = store(name)) {
      new SampleDatasets(store, "columns", length, ConsistentStatistics::of).write(seed, rows);
    }
  }

  private static BlobStore store(String name) throws IOException {
    return new DirectoryStore("home", directory.resolve(name));
  }

  private static Dataset open(String name) {
    return Dataset.open(directory.resolve(name).toString());
  }

  @Test
  void teachersStandSideBySide() {
    try (Dataset one = open("one");
        Dataset teacher = open("teacher");
        Dataset union = open("union");
        StudentLoader loader =
            StudentLoader.open(one).with(teacher).with(union).batch(5).seed(2).start()) {
      long rows = 0;
      while (loader.hasNext()) {
        LoadedBatch batch = loader.next();
        assertEquals(3, batch.teachers());
        for (int row = 0; row < batch.sequences().length; row++) {
          var first = one.read(batch.sequences()[row], 1, Projection.ALL);
          var second = teacher.read(batch.sequences()[row], 1, Projection.ALL);
          assertArrayEquals(
              first.tokens().fingerprint(0), batch.statistics().tokens().fingerprint(row));
          assertArrayEquals(
              second.tokens().fingerprint(0), batch.statistics(1).tokens().fingerprint(row));
          assertEquals(first.entropy()[0], batch.statistics().entropy()[row * 12]);
          assertEquals(second.entropy()[0], batch.statistics(1).entropy()[row * 12]);
          rows++;
        }
      }
      assertEquals(22, rows);
      Cursor alone = end(StudentLoader.open(one).batch(5).seed(2));
      assertEquals(alone.digest(), loader.cursor().digest(), "the same tokens");
      assertNotEquals(alone.values(), loader.cursor().values(), "more values");
    }
  }

  @Test
  void whatDoesNotMatchIsNamed() {
    try (Dataset one = open("one")) {
      refused(one, "other-corpus", "sequence 0 is the first that differs");
      refused(one, "later", "sequence 9 is the first that differs");
      refused(one, "shorter", "one has 22 sequences, the other 9");
      refused(one, "long-rows", "12 and of 16 positions");
    }
  }

  private static void refused(Dataset one, String other, String why) {
    try (Dataset second = open(other)) {
      String message =
          assertThrows(DataException.class, () -> StudentLoader.open(one).with(second))
              .getMessage();
      assertTrue(String.valueOf(message).contains(why), message);
    }
  }

  /** Each corpus goes through epochs of its own; nothing is lost or doubled in any of them. */
  @Test
  void aMixtureGivesEachCorpusItsShareAndItsEpochs() {
    try (Dataset one = open("one");
        Dataset two = open("other-corpus");
        Dataset small = open("shorter")) {
      List<Dataset> datasets = List.of(one, two, small);
      MixtureSpec spec = MixtureSpec.parse("a:0.5,b:0.3,c:0.2");
      List<List<Long>> given = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      try (StudentLoader loader =
          StudentLoader.mix(datasets, spec).batch(7).seed(4).epochs(20).start()) {
        assertEquals(22 + 22 + 9, loader.epochSamples());
        while (loader.hasNext()) {
          LoadedBatch batch = loader.next();
          for (int row = 0; row < batch.sequences().length; row++) {
            int source = batch.sources()[row];
            given.get(source).add(batch.sequences()[row]);
            assertArrayEquals(
                datasets
                    .get(source)
                    .read(batch.sequences()[row], 1, Projection.ALL)
                    .tokens()
                    .fingerprint(0),
                batch.statistics().tokens().fingerprint(row));
          }
        }
      }
      for (int source = 0; source < 3; source++) {
        Manifest manifest = datasets.get(source).manifest();
        int n = (int) manifest.sequences();
        List<Long> all = given.get(source);
        double share = spec.shares().get(source) / 10_000.0;
        assertEquals(53 * 20 * share, all.size(), 53 * 20 * 0.1);
        for (int epoch = 0; (epoch + 1) * n <= all.size(); epoch++) {
          List<Long> once = all.subList(epoch * n, (epoch + 1) * n);
          assertEquals(n, once.stream().distinct().count(), "epoch " + epoch);
        }
      }
    }
  }

  @Test
  void aMixtureResumesOnAnyRanks() {
    try (Dataset one = open("one");
        Dataset two = open("other-corpus")) {
      List<Dataset> datasets = List.of(one, two);
      MixtureSpec spec = MixtureSpec.parse("a:3,b:1");
      Cursor whole = end(StudentLoader.mix(datasets, spec).batch(6).epochs(2));
      Cursor half = end(StudentLoader.mix(datasets, spec).batch(6).epochs(2).stopAfter(30));
      List<Cursor> parts = new ArrayList<>();
      for (int rank = 0; rank < 5; rank++) {
        try (StudentLoader loader =
            StudentLoader.mix(datasets, spec).epochs(2).rank(rank, 5).resume(half)) {
          loader.forEachRemaining(batch -> {});
          parts.add(loader.cursor());
        }
      }
      assertEquals(whole, Cursor.merge(parts));
      MixtureSpec otherWeights = MixtureSpec.parse("a:2,b:1");
      assertThrows(
          DataException.class, () -> StudentLoader.mix(datasets, otherWeights).resume(half));
      assertThrows(DataException.class, () -> StudentLoader.open(one).resume(half));
    }
  }

  /** Their largest shards differ: the length of a block must not. */
  @Test
  void aMixtureOfBlocksResumes() {
    try (Dataset one = open("one");
        Dataset small = open("shorter")) {
      List<Dataset> datasets = List.of(small, one);
      MixtureSpec spec = MixtureSpec.parse("a:1,b:1");
      Cursor whole = end(StudentLoader.mix(datasets, spec).batch(4).shuffle("blocks:1"));
      Cursor half =
          end(StudentLoader.mix(datasets, spec).batch(4).shuffle("blocks:1").stopAfter(8));
      try (StudentLoader rest = StudentLoader.mix(datasets, spec).resume(half)) {
        rest.forEachRemaining(batch -> {});
        assertEquals(whole, rest.cursor());
      }
    }
  }

  @Test
  void corporaThatDoNotFitAreNotMixed() {
    try (Dataset one = open("one");
        Dataset union = open("union");
        Dataset rows = open("long-rows")) {
      MixtureSpec spec = MixtureSpec.parse("a:1,b:1");
      unmixed(spec, List.of(one, union), "different columns");
      unmixed(spec, List.of(one, rows), "12 and of 16 positions");
    }
  }

  private static void unmixed(MixtureSpec spec, List<Dataset> datasets, String why) {
    String message =
        assertThrows(DataException.class, () -> StudentLoader.mix(datasets, spec)).getMessage();
    assertTrue(String.valueOf(message).contains(why), message);
  }

  private static Cursor end(StudentLoaderBuilder builder) {
    try (StudentLoader loader = builder.start()) {
      loader.forEachRemaining(batch -> {});
      return loader.cursor();
    }
  }
}
