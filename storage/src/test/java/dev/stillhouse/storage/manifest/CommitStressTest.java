package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.LossyStore;
import dev.stillhouse.storage.store.LossyStore.Fate;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many commit at once over lines that lose one request or answer in twenty. A few rounds; with the
 * system property {@code stillhouse.everyCommit} all of them, which takes half a minute.
 */
@Timeout(300)
class CommitStressTest {
  private static final boolean EVERY = Boolean.getBoolean("stillhouse.everyCommit");
  private static final int COMMITTERS = 8;
  private static final int COMMITS = EVERY ? 200 : 25;
  private static final int SEEDS = EVERY ? 20 : 5;
  private static final double LOST = 0.05;

  private static final Identity IDENTITY =
      new Identity(Identity.corpus(List.of()), "tokenizer", "packing", "teacher", "", "rows", "a");

  static IntStream seeds() {
    return IntStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noVersionIsLostDoubledOrSkipped(int seed) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(COMMITTERS);
    try (BlobStore store = new MemoryStore("home")) {
      List<Callable<Map<Long, String>>> committers = new ArrayList<>();
      for (int c = 0; c < COMMITTERS; c++) {
        BlobStore line = new LossyStore(store, fates(seed * 1000L + c));
        String name = "committer" + c;
        committers.add(() -> commitAll(line, name));
      }
      Map<Long, String> expected = new TreeMap<>();
      for (Future<Map<Long, String>> done : pool.invokeAll(committers)) {
        for (Map.Entry<Long, String> commit : done.get().entrySet()) {
          assertEquals(null, expected.put(commit.getKey(), commit.getValue()), "committed twice");
        }
      }
      ManifestLog log = SampleDatasets.log(store);
      List<String> there = log.keys().stream().map(key -> log.read(key).teacher()).toList();
      assertIterableEquals(expected.values(), there);
      assertEquals((long) COMMITTERS * COMMITS, there.stream().distinct().count());
      assertEquals(ManifestLog.key(there.size()), log.keys().get(there.size() - 1));
    } finally {
      pool.shutdownNow();
    }
  }

  private static Supplier<Fate> fates(long seed) {
    Random random = new Random(seed);
    return () ->
        random.nextDouble() >= LOST
            ? Fate.ANSWERED
            : random.nextBoolean() ? Fate.REQUEST_LOST : Fate.ANSWER_LOST;
  }

  /** Commits one thing after the other; returns what was committed under which number. */
  private static Map<Long, String> commitAll(BlobStore line, String name) {
    ManifestLog log =
        new ManifestLog(line, new ReplicaReader(ImmutableList.of(line), new Ledger()));
    Map<Long, String> committed = new TreeMap<>();
    for (int i = 0; i < COMMITS; i++) {
      String what = String.format(Locale.ROOT, "%s commit %d", name, i);
      while (true) {
        Manifest next =
            manifest(patiently(log::latest).map(Manifest::version).orElse(0L) + 1, what);
        if (settled(log, next) == CommitOutcome.COMMITTED) {
          committed.put(next.version(), what);
          break;
        }
      }
    }
    return committed;
  }

  private static Manifest manifest(long version, String what) {
    return Manifest.of(version, IDENTITY, "bytes", what, 2, 1, List.of(), List.of());
  }

  /** What is not known is settled by appending the same once more. */
  private static CommitOutcome settled(ManifestLog log, Manifest next) {
    for (int attempt = 0; attempt < 100; attempt++) {
      CommitOutcome outcome = log.append(next);
      if (outcome != CommitOutcome.UNKNOWN) {
        return outcome;
      }
    }
    throw new IllegalStateException("never settled: version " + next.version());
  }

  private static <T> T patiently(Supplier<T> request) {
    for (int attempt = 0; ; attempt++) {
      try {
        return request.get();
      } catch (DataException e) {
        assertTrue(attempt < 100, e.getMessage());
      }
    }
  }
}
