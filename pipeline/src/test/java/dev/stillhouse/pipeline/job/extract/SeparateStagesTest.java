package dev.stillhouse.pipeline.job.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.pack.RandomTokens;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.storage.manifest.Manifest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pipeline's generation 0 makes the same dataset as the one that is used. */
class SeparateStagesTest {
  private static final int V = 300;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "top-k:4, columns",
    "top-k:4, rows",
    "top-k:3+sample:20+target+normaliser-at:2.0, columns",
  })
  void theShardsAreTheSameToTheByte(String statistic, String layout) {
    // Shard tasks of 5 sequences in batches of 4; the last has 2.
    RandomTokens tokens =
        new RandomTokens(V, new Packing(512, 5, null), 12, directory.resolve("tokens"));
    Manifest whole = run(tokens, statistic, layout, "whole", ExtractJob::run);
    Manifest stages = run(tokens, statistic, layout, "stages", SeparateStages::run);
    assertEquals(3, whole.shards().size());
    assertEquals(whole.shards(), stages.shards()); // by the sha256 of each
    assertEquals(whole.digest(), stages.digest());
  }

  private Manifest run(
      RandomTokens tokens,
      String statistic,
      String layout,
      String out,
      BiFunction<ExtractRequest, JobListener, ExtractJob.Extracted> job) {
    return job.apply(
            new ExtractRequest(
                tokens,
                "synthetic:rows=100,vocabulary=" + V,
                statistic,
                layout,
                directory.resolve(out).toString(),
                false,
                List.of("--targetParallelism=2")),
            JobListener.NONE)
        .manifest();
  }
}
