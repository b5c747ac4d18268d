package dev.stillhouse.pipeline.job.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusPlan;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.OutputPlan;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.pipeline.job.pack.PackPlan;
import dev.stillhouse.pipeline.job.pack.SplitPacking;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.manifest.Identity;
import dev.stillhouse.storage.manifest.PackReceipt;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a shard task whose process is killed. */
class ExtractedPartsTest {
  private static final int V = 50_257;
  private static final int T = 16;
  private static final int BATCHES = 5;
  private static final Identity IDENTITY =
      new Identity("c", "t", "p", "drawn", "top-k:1", "rows", "a-1");

  @TempDir Path directory;
  private Path text = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    text = Files.writeString(directory.resolve("a.txt"), "Call me Ishmael. ".repeat(1700));
  }

  /** A store with the token shard of a shard task of five batches, and a teacher that is asked. */
  private final class Bench implements AutoCloseable {
    final BlobStore store = new MemoryStore("home");
    final Drawn teacher = new Drawn();
    private final JobContext job = JobContext.begin();
    private final JobOutput output = new JobOutput(job, "", store);
    private final ShardTask task;

    Bench() {
      CorpusOptions options = CorpusOptions.defaults(null);
      PackPlan plan =
          new PackPlan(
              "pack",
              "",
              options,
              "gpt2",
              Tokenizers.named("gpt2").fingerprint(),
              new Packing(T, 10_000, null));
      PackReceipt receipt =
          new SplitPacking(plan, output)
              .run(CorpusPlan.of(List.of(text.toString()), options).splits().get(0));
      task = new ShardTask(0, receipt.shards().get(0));
      assertEquals(BATCHES, (task.tokens().sequences() + 127) / 128);
    }

    /** A process: a clock whose every look takes so many seconds, and perhaps no end. */
    ShardRecord run(double seconds, boolean resumed, int failsAt) {
      teacher.failsAt = failsAt;
      teacher.askedNow = 0;
      ExtractPlan plan =
          new ExtractPlan(new OutputPlan("extract", "", IDENTITY, V, T), "drawn", "", resumed);
      long[] nanos = {0};
      LongSupplier clock = () -> nanos[0] += (long) (seconds * 1e9);
      try (ShardExtraction extraction =
          new ShardExtraction(plan, output, Selection.topK(V, 1), teacher, clock)) {
        return extraction.run(task);
      }
    }

    void fails(double seconds, boolean resumed, int failsAt) {
      assertThrows(IllegalStateException.class, () -> run(seconds, resumed, failsAt));
    }

    List<String> parts() {
      return store.list("work/").stream().filter(key -> key.endsWith(".part")).toList();
    }

    @Override
    public void close() {
      job.close();
      store.close();
    }
  }

  private ShardRecord undisturbed() {
    try (Bench bench = new Bench()) {
      return bench.run(0, false, -1);
    }
  }

  /** Each answer is drawn anew, so that a shard tells which answers are in it. */
  @Test
  void aSliceGoesOnWhereItsPartsEnd() {
    ShardRecord whole = undisturbed();
    for (int failsAt = 1; failsAt < BATCHES; failsAt++) {
      try (Bench bench = new Bench()) {
        bench.fails(31, false, failsAt);
        assertEquals(failsAt, bench.parts().size());
        assertEquals(whole, bench.run(31, true, -1));
        assertEquals(BATCHES - failsAt, bench.teacher.askedNow, "nothing is asked twice");
        assertEquals(List.of(), bench.parts());
      }
    }
  }

  @Test
  void aSliceMayBeStoppedAgainAndAgain() {
    try (Bench bench = new Bench()) {
      bench.fails(31, false, 1);
      bench.fails(31, true, 0);
      bench.fails(31, true, 2);
      bench.fails(31, true, 1);
      assertEquals(4, bench.parts().size());
      assertEquals(undisturbed(), bench.run(31, true, -1));
      assertEquals(1, bench.teacher.askedNow);
    }
  }

  @Test
  void whoIsStoppedKeepsWhatHasTakenASecond() {
    try (Bench bench = new Bench()) {
      bench.fails(0.4, false, 3);
      assertEquals(1, bench.parts().size(), "three batches in one");
      assertEquals(undisturbed(), bench.run(0.4, true, -1));
      assertEquals(2, bench.teacher.askedNow);
    }
  }

  @Test
  void aFastTeacherLeavesNothing() {
    try (Bench bench = new Bench()) {
      bench.fails(0.01, false, 4);
      assertEquals(List.of(), bench.parts());
      assertTrue(bench.run(0.01, true, -1).totals().positions() > 0);
    }
  }

  @Test
  void aJobThatIsNewLooksForNoParts() {
    try (Bench bench = new Bench()) {
      bench.fails(31, false, 3);
      bench.run(31, false, -1);
      assertEquals(BATCHES, bench.teacher.askedNow);
    }
  }

  @Test
  void aDamagedPartIsAskedAboutAgain() {
    Random random = new Random(1);
    ShardRecord whole = undisturbed();
    for (int i = 0; i < 30; i++) {
      try (Bench bench = new Bench()) {
        bench.fails(31, false, 3);
        String part = bench.parts().get(random.nextInt(3));
        byte[] bytes = bench.output.reader().readWhole(part, 1 << 30).orElseThrow();
        int at = i < 10 ? i : random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        bench.store.delete(part);
        bench.store.putIfAbsent(part, i % 3 == 0 ? Arrays.copyOf(bytes, at) : bytes);
        bench.teacher.drawn = 0; // As if it were reproducible.
        ShardRecord mended = bench.run(31, true, -1);
        assertEquals(whole.totals().positions(), mended.totals().positions());
        assertEquals(whole.fingerprint(), mended.fingerprint());
        assertTrue(bench.teacher.askedNow > 2, "what was damaged was asked about again");
        assertTrue(!bench.parts().contains(part));
      }
    }
  }

  /** Tokens that could not be read say nothing about the answers that are kept. */
  @Test
  void aPartStaysWhereTokensCouldNotBeReached() {
    try (Bench bench = new Bench()) {
      bench.fails(31, false, 3);
      List<String> before = bench.parts();
      ExtractedParts parts = new ExtractedParts(bench.store, IDENTITY.hash(), bench.task, () -> 0L);
      assertThrows(
          NotReachedException.class,
          () ->
              parts.next(
                  bench.output.reader(),
                  row -> {
                    throw new NotReachedException(NotReachedException.Why.BUSY, "busy", null);
                  }));
      assertEquals(before, bench.parts());
    }
  }

  @Test
  void aPartOfAnotherJobIsNoPart() {
    try (Bench bench = new Bench();
        Bench other = new Bench()) {
      bench.fails(31, false, 3);
      byte[] second = bench.output.reader().readWhole(bench.parts().get(1), 1 << 30).orElseThrow();
      other.store.putIfAbsent(bench.parts().get(0), second);
      other.run(31, true, -1);
      assertEquals(BATCHES, other.teacher.askedNow);
    }
  }

  /** A served model, each of whose answers has another entropy. */
  private static final class Drawn implements ReducedTeacher {
    private int drawn;
    private int askedNow;
    private int failsAt;

    @Override
    public StatisticsBatch read(TokenBatch batch, Selection selection) {
      if (askedNow == failsAt) {
        throw new IllegalStateException("the machine is gone");
      }
      askedNow++;
      drawn++;
      int slots = batch.slots();
      float[] tail = new float[slots];
      float[] entropy = new float[slots];
      float[] none = new float[slots];
      float[] target = new float[slots];
      Arrays.fill(entropy, drawn);
      Arrays.fill(none, Float.NaN);
      for (int i = 0; i < slots; i++) {
        target[i] = batch.target(i) == TokenBatch.NO_TARGET ? Float.NaN : -drawn;
      }
      return new StatisticsBatch(
          batch, new int[slots + 1], new int[0], new float[0], tail, entropy, none, target);
    }

    @Override
    public void check(Selection selection) {}

    @Override
    public Set<Scalar> cannotGive() {
      return EnumSet.of(Scalar.LOG_NORMALISER);
    }

    @Override
    public String fingerprint() {
      return "drawn";
    }

    @Override
    public int vocabulary() {
      return V;
    }

    @Override
    public boolean reproducible() {
      return false;
    }

    @Override
    public void close() {}
  }
}
