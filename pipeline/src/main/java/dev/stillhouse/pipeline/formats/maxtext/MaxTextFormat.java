package dev.stillhouse.pipeline.formats.maxtext;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.formats.Alignment;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportFormat;
import dev.stillhouse.pipeline.formats.ImportSettings;
import dev.stillhouse.pipeline.formats.ImportSource;

/** {@code maxtext}: MaxText's ArrayRecord files of top-k logits. */
public final class MaxTextFormat implements ImportFormat {
  @Override
  public String name() {
    return "maxtext";
  }

  @Override
  public ImmutableList<String> suffixes() {
    return ImmutableList.of(".array_record", ".arrayrecord");
  }

  @Override
  public ImportSource open(ImportSettings settings, ImmutableList<ImportFile> files) {
    Alignment alignment = settings.alignmentOr(Alignment.NEXT);
    String tokens = settings.get("tokens", "tokens");
    String logits = settings.get("logits", "top_k_logits");
    String ids = settings.get("ids", "top_k_indices");
    String segments = settings.get("segments", "inputs_segmentation");
    int length =
        settings.number(
            "sequence", "tokens of a sequence, where a record has several in a row", 0, 0, 1 << 20);
    settings.end(name(), "tokens, logits, ids, segments, sequence");
    return new MaxTextSource(
        files,
        new MaxTextSource.Names(tokens, logits, ids, segments),
        length,
        alignment,
        settings.canonical());
  }
}
