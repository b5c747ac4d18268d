package dev.stillhouse.pipeline.job.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.pipeline.job.pack.CorpusSource;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetSourceTest {
  @TempDir Path directory;

  @Test
  void tokensAreOfTheVersionThatWasDescribed() throws IOException {
    extract("first words", false);
    DatasetSource source = new DatasetSource(directory.resolve("made").toString());
    TokenSource.Description described = source.describe();
    extract("and then more words", true);
    assertEquals(1, source.sample(1).sequences());
    try (JobContext job = JobContext.begin();
        JobOutput output = JobOutput.open(job, directory.resolve("other").toString())) {
      assertEquals(1, source.provide(output, List.of(), JobListener.NONE).shards().size());
    }
    assertEquals(1, described.splits().size());
    assertEquals(2, source.describe().splits().size());
    assertEquals(2, source.sample(1).sequences());
  }

  private void extract(String text, boolean append) throws IOException {
    Path file = Files.writeString(directory.resolve("text.txt"), text);
    TextTokenizer tokenizer = Tokenizers.named("gpt2");
    CorpusSource corpus =
        new CorpusSource(
            List.of(file.toString()),
            CorpusOptions.defaults(tokenizer.endToken()),
            tokenizer,
            new Packing(16, 4, tokenizer.endToken()));
    String out = directory.resolve("made").toString();
    ExtractJob.run(
        new ExtractRequest(corpus, "ngram", "top-k:4", "columns", out, append, List.of()),
        JobListener.NONE);
  }
}
