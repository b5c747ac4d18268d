package dev.stillhouse.pipeline.formats.json;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportFormat;
import dev.stillhouse.pipeline.formats.ImportSettings;
import dev.stillhouse.pipeline.formats.ImportSource;

/** {@code jsonl}: an object a sequence, with the names of our columns unless they are mapped. */
public final class JsonlFormat implements ImportFormat {
  static final ImmutableList<String> SUFFIXES =
      ImmutableList.of(".jsonl", ".ndjson", ".jsonl.gz", ".jsonl.zst");

  @Override
  public String name() {
    return "jsonl";
  }

  @Override
  public ImmutableList<String> suffixes() {
    return SUFFIXES;
  }

  @Override
  public ImportSource open(ImportSettings settings, ImmutableList<ImportFile> files) {
    return new JsonSource(name(), settings, files, ImmutableMap.of());
  }
}
