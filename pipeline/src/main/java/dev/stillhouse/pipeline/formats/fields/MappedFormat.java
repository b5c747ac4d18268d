package dev.stillhouse.pipeline.formats.fields;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.formats.Alignment;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportFormat;
import dev.stillhouse.pipeline.formats.ImportSettings;
import dev.stillhouse.pipeline.formats.ImportSource;
import java.util.Optional;

/** A format of fields. Files that end with .parquet are Parquet, all others JSON. */
abstract class MappedFormat implements ImportFormat {
  static final ImmutableList<String> JSON =
      ImmutableList.of(".jsonl", ".ndjson", ".jsonl.gz", ".jsonl.zst");
  static final ImmutableList<String> PARQUET = ImmutableList.of(".parquet");

  private final String name;
  private final ImmutableList<String> suffixes;

  MappedFormat(String name, ImmutableList<String> suffixes) {
    this.name = name;
    this.suffixes = suffixes;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final ImmutableList<String> suffixes() {
    return suffixes;
  }

  /** Returns the paths of fields that the format has under other names than ours. */
  ImmutableMap<Field, String> defaults() {
    return ImmutableMap.of();
  }

  /** Returns the alignment, if the format has one; a person may know better. */
  Optional<Alignment> alignment() {
    return Optional.empty();
  }

  /** Returns whether its log-probs are normalised over the kept entries. */
  boolean overKept() {
    return false;
  }

  @Override
  public final ImportSource open(ImportSettings settings, ImmutableList<ImportFile> files) {
    return new MappedSource(this, settings, files);
  }
}
