package dev.stillhouse.pipeline.job.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.Identity;
import dev.stillhouse.storage.manifest.PackReceipt;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardExtractionTest {
  private static final Selection TOP_1 = Selection.topK(50_257, 1);

  @TempDir Path directory;

  @Test
  void aFinishedSliceIsNotAskedAboutAgain() throws IOException {
    Path text = Files.writeString(directory.resolve("a.txt"), "Call me Ishmael. ".repeat(20));
    Uniform teacher = new Uniform();
    try (JobContext job = JobContext.begin();
        DirectoryStore store = new DirectoryStore("home", directory.resolve("out"))) {
      JobOutput output = new JobOutput(job, "", store);
      ShardTask task = new ShardTask(0, pack(output, text).shards().get(0));
      ExtractPlan plan = plan("rows");
      ShardRecord first = run(plan, output, teacher, task);
      int asked = teacher.asked;
      assertTrue(asked > 0, "the teacher was asked once");
      assertEquals(first, run(plan, output, teacher, task));
      assertEquals(asked, teacher.asked);
      store.delete(first.key());
      assertEquals(first, run(plan, output, teacher, task));
      assertEquals(2 * asked, teacher.asked, "a receipt whose blob is gone does not count");
    }
  }

  private static ShardRecord run(
      ExtractPlan plan, JobOutput output, Uniform teacher, ShardTask task) {
    try (ShardExtraction extraction = new ShardExtraction(plan, output, TOP_1, teacher)) {
      return extraction.run(task);
    }
  }

  private static ExtractPlan plan(String layout) {
    Identity identity = new Identity("c", "t", "p", "uniform", "top-k:1", layout, "a-1");
    return new ExtractPlan(
        new OutputPlan("extract", "", identity, 50_257, 16), "uniform", "", false);
  }

  /** Its shard is there, right, and of the same tokens; but its header says what it is. */
  @Test
  void aReceiptThatNamesAnotherDatasetsShardDoesNotCount() throws IOException {
    Path text = Files.writeString(directory.resolve("a.txt"), "Call me Ishmael. ".repeat(20));
    try (JobContext job = JobContext.begin();
        DirectoryStore store = new DirectoryStore("home", directory.resolve("out"))) {
      JobOutput output = new JobOutput(job, "", store);
      ShardTask task = new ShardTask(0, pack(output, text).shards().get(0));
      Receipts<ShardRecord> own =
          output.receipts(plan("rows").output().identity().hash(), ShardRecord.class);
      Uniform teacher = new Uniform();
      ShardRecord other = run(plan("columns"), output, teacher, task);
      own.put(task.receipt(), other);
      int asked = teacher.asked;
      ShardRecord right = run(plan("rows"), output, teacher, task);
      assertEquals(2 * asked, teacher.asked);
      assertNotEquals(other.key(), right.key());
      assertEquals(right, own.find(task.receipt(), found -> {}).orElseThrow());
    }
  }

  @Test
  void anotherTeacherThanThePlannedOneIsRefused() {
    ExtractPlan plan =
        new ExtractPlan(
            new OutputPlan(
                "extract",
                "",
                new Identity("c", "t", "p", "planned", "top-k:1", "rows", "a-1"),
                50_257,
                16),
            "uniform:x",
            "",
            false);
    try (JobContext job = JobContext.begin();
        DirectoryStore store = new DirectoryStore("home", directory.resolve("out"))) {
      JobOutput output = new JobOutput(job, "", store);
      DataException e =
          assertThrows(
              DataException.class, () -> new ShardExtraction(plan, output, TOP_1, new Uniform()));
      assertTrue(e.getMessage().contains("fingerprint is 'uniform'"), e.getMessage());
    }
  }

  private static PackReceipt pack(JobOutput output, Path text) {
    CorpusOptions options = CorpusOptions.defaults(null);
    PackPlan plan =
        new PackPlan(
            "pack",
            "",
            options,
            "gpt2",
            Tokenizers.named("gpt2").fingerprint(),
            new Packing(16, 4, null));
    return new SplitPacking(plan, output)
        .run(CorpusPlan.of(List.of(text.toString()), options).splits().get(0));
  }

  /** A served model that finds every token as likely as any other, and keeps none. */
  private static final class Uniform implements ReducedTeacher {
    private static final float LOG_PROB = (float) -StrictMath.log(50_257);
    int asked;

    @Override
    public StatisticsBatch read(TokenBatch batch, Selection selection) {
      asked++;
      int slots = batch.slots();
      float[] tail = new float[slots];
      float[] entropy = new float[slots];
      float[] none = new float[slots];
      float[] target = new float[slots];
      Arrays.fill(entropy, -LOG_PROB);
      Arrays.fill(none, Float.NaN);
      for (int i = 0; i < slots; i++) {
        target[i] = batch.target(i) == TokenBatch.NO_TARGET ? Float.NaN : LOG_PROB;
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
      return "uniform";
    }

    @Override
    public int vocabulary() {
      return 50_257;
    }

    @Override
    public boolean reproducible() {
      return true;
    }

    @Override
    public void close() {}
  }
}
