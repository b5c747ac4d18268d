package dev.stillhouse.pipeline.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.Closer;
import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.job.extract.ExtractJob;
import dev.stillhouse.pipeline.job.extract.ExtractRequest;
import dev.stillhouse.pipeline.job.migrate.MigrateJob;
import dev.stillhouse.pipeline.job.migrate.MigrateRequest;
import dev.stillhouse.pipeline.job.pack.CorpusSource;
import dev.stillhouse.pipeline.job.replicate.ReplicateJob;
import dev.stillhouse.pipeline.job.replicate.ReplicateRequest;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that runs many jobs keeps nothing of those that ended. */
class JobContextTest {
  @TempDir Path directory;

  @Test
  @Timeout(60)
  void nothingIsLeftOfAThousandContexts() {
    Set<String> before = JobContext.jobs();
    for (int i = 0; i < 1_000; i++) {
      try (JobContext context = JobContext.begin()) {
        JobContext worker = JobContext.join(context.job());
        assertSame(context, worker);
        worker.meter("stage").add(1);
        assertSame(worker.pace(1e6), context.pace(1e6));
        if (i % 2 == 0) {
          worker.leave();
        } // else it ends without a teardown, as a worker does that is killed
      }
    }
    assertEquals(before, JobContext.jobs());
  }

  @Test
  @Timeout(600)
  void nothingIsLeftOfJobsThatRan() throws IOException {
    Set<String> before = JobContext.jobs();
    for (int i = 0; i < 5; i++) {
      extract("columns", "made" + i);
      MigrateJob.run(
          new MigrateRequest(
              path("made" + i), OptionalLong.empty(), "rows", path("moved" + i), List.of()),
          JobListener.NONE);
      ReplicateJob.run(
          new ReplicateRequest(path("made" + i), path("copy" + i), "far", List.of()),
          JobListener.NONE);
      assertThrows(RuntimeException.class, () -> extract("rows", "made0"), "another layout");
    }
    assertEquals(before, JobContext.jobs());
  }

  private void extract(String layout, String out) throws IOException {
    Path file = Files.writeString(directory.resolve("text.txt"), "Call me Ishmael.");
    TextTokenizer tokenizer = Tokenizers.named("gpt2");
    CorpusSource corpus =
        new CorpusSource(
            List.of(file.toString()),
            CorpusOptions.defaults(tokenizer.endToken()),
            tokenizer,
            new Packing(16, 4, tokenizer.endToken()));
    ExtractJob.run(
        new ExtractRequest(corpus, "ngram", "top-k:4", layout, path(out), false, List.of()),
        JobListener.NONE);
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  /** As on a remote worker, where no one begins it. */
  @Test
  void withoutOneThatBeganItItEndsWithTheLastThatLeaves() {
    JobContext first = JobContext.join("remote");
    JobContext second = JobContext.join("remote");
    assertSame(first, second);
    assertSame(first.meter("a"), second.meter("a"));
    assertNotSame(first.meter("a"), first.meter("b"));
    second.leave();
    assertTrue(JobContext.jobs().contains("remote"));
    first.leave();
    assertFalse(JobContext.jobs().contains("remote"));
  }

  /** Beam tears down only what was set up. */
  @Test
  void aSetupThatFailsLeavesTheJob() {
    boolean[] closed = {false};
    JobFn<String> fn =
        new JobFn<>("failing", "stage") {
          @Override
          public Consumer<String> open(JobContext context, Closer closer) {
            closer.register(() -> closed[0] = true);
            throw new IllegalStateException("no teacher");
          }
        };
    assertThrows(IllegalStateException.class, fn::setup);
    assertTrue(closed[0]);
    assertFalse(JobContext.jobs().contains("failing"));
  }
}
