package dev.stillhouse.pipeline.job.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.pack.CorpusSource;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class DryRunTest {
  private static final List<String> WORDS =
      Splitter.on(" ")
          .splitToList(
              "the of and to in he was that his it with as had for her on at by which whale sea ship");

  @TempDir Path directory;

  private ExtractRequest request(Path text, String out) {
    return request(text, out, 64);
  }

  private ExtractRequest request(Path text, String out, int shardSequences) {
    TextTokenizer tokenizer = Tokenizers.named("gpt2");
    int end = tokenizer.endToken();
    CorpusSource source =
        new CorpusSource(
            List.of(text.toString()),
            CorpusOptions.defaults(end),
            tokenizer,
            new Packing(256, shardSequences, end));
    return new ExtractRequest(
        source, "ngram", "top-k:16", "rows", directory.resolve(out).toString(), false, List.of());
  }

  /** A footer costs as much as many rows, and few rows compress less. */
  @Test
  void smallShardsAreEstimatedAsTheyAre() throws IOException {
    Path file = text(30_000);
    long made = ExtractJob.run(request(file, "out", 8), JobListener.NONE).manifest().bytes();
    double small = rows(DryRun.of(request(file, "never", 8)));
    assertEquals(1, small / made, 0.1);
    assertTrue(rows(DryRun.of(request(file, "never", 512))) < 0.8 * small, "one footer");
  }

  private Path text(int words) throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(WORDS.get(random.nextInt(WORDS.size()))).append(i % 12 == 0 ? "\n" : " ");
    }
    return Files.writeString(directory.resolve("a.txt"), text);
  }

  private static double rows(DryRun.Estimate told) {
    return told.layouts().stream()
        .filter(cost -> cost.layout().equals("rows"))
        .mapToDouble(DryRun.Cost::bytes)
        .sum();
  }

  /** The model is fitted to as many tokens as the extraction's, so its rows are as long. */
  @Test
  void theEstimateOfAFittedTeacherIsNear() throws IOException {
    Path file = text(120_000);
    DryRun.Estimate told = DryRun.of(request(file, "never"));
    Manifest made = ExtractJob.run(request(file, "out"), JobListener.NONE).manifest();
    double positions = made.totals().positions();
    assertEquals(1, told.positions() / positions, 0.01);
    assertTrue(told.sampled() < told.positions() / 3, "told from a part");
    assertEquals(1, rows(told) / made.bytes(), 0.05);
  }
}
