package dev.stillhouse.pipeline.formats.megatron;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.pipeline.formats.Alignment;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportFormat;
import dev.stillhouse.pipeline.formats.ImportSettings;
import dev.stillhouse.pipeline.formats.ImportSource;
import java.nio.file.Path;

/** {@code megatron}: Megatron-LM's caches of log-probs, formats 1 and 2. */
public final class MegatronFormat implements ImportFormat {
  @Override
  public String name() {
    return "megatron";
  }

  @Override
  public ImmutableList<String> suffixes() {
    return ImmutableList.of(".tar");
  }

  @Override
  public ImportSource open(ImportSettings settings, ImmutableList<ImportFile> files) {
    Alignment alignment = settings.alignment(name(), Alignment.NEXT);
    Path tokens =
        LocalPath.of(
            "--set tokens",
            settings.need(
                "tokens",
                "the caches have no tokens; a .jsonl or .parquet file with the tokens of each"
                    + " sample, from the first sample of the first iteration on, in Megatron's"
                    + " order"));
    int microBatch =
        settings.number(
            "micro-batch", "samples of a micro-batch when the cache was saved", 0, 0, 1 << 20);
    settings.end(name(), "tokens, micro-batch");
    return new MegatronSource(files, tokens, microBatch, alignment);
  }
}
