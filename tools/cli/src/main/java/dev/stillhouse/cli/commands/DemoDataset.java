package dev.stillhouse.cli.commands;

import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.job.extract.ExtractJob;
import dev.stillhouse.pipeline.job.extract.ExtractRequest;
import dev.stillhouse.pipeline.job.pack.CorpusSource;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Extracts the statistics of the demo's teachers for the part of Moby-Dick that minigpt was not
 * trained on: top-64 of 50,257 at every position, in sequences of 512.
 */
public final class DemoDataset {
  private DemoDataset() {}

  /**
   * Extracts the dataset.
   *
   * @param directory for the text and the model
   * @param teacher minigpt or ngram
   * @param shardSequences max sequences of a shard
   * @param to path of the new dataset
   */
  public static Manifest extract(
      Terminal terminal, Path directory, String teacher, int shardSequences, String layout, Path to)
      throws IOException {
    String reading =
        switch (teacher) {
          case "minigpt" -> "onnx:" + DemoFiles.model(directory) + ",context=512";
          case "ngram" -> "ngram";
          default ->
              throw UsageException.of("--teacher %s: the demo has minigpt and ngram", teacher);
        };
    CorpusSource text =
        new CorpusSource(
            List.of(DemoFiles.text(directory).toString()),
            CorpusOptions.defaults(null),
            Tokenizers.named("gpt2"),
            new Packing(512, shardSequences, null));
    return ExtractJob.run(
            new ExtractRequest(text, reading, "top-k:64", layout, to.toString(), false, List.of()),
            new Progress(terminal))
        .manifest();
  }
}
