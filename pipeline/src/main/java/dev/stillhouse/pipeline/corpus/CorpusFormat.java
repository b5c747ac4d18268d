package dev.stillhouse.pipeline.corpus;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a corpus file holds, known by its suffix. */
public enum CorpusFormat {
  /** UTF-8 text: one document, or one document a paragraph. */
  TEXT(".txt", true),
  /** One JSON object a line, one document each. */
  JSONL(".jsonl", true),
  /** Token ids, little-endian and unsigned, without a header. */
  TOKENS(".bin", false),
  /** One document a row, in a column of strings. */
  PARQUET(".parquet", false);

  private final String suffix;
  private final boolean compressible;

  CorpusFormat(String suffix, boolean compressible) {
    this.suffix = suffix;
    this.compressible = compressible;
  }

  /** What the names of such files end with. */
  String suffix() {
    return suffix;
  }

  /** The format of a file of this name; empty where the suffix is none of {@link #suffixes()}. */
  static Optional<CorpusFormat> of(String fileName) {
    Compression compression = Compression.of(fileName);
    String plain = fileName.substring(0, fileName.length() - compression.suffix.length());
    return Arrays.stream(values())
        .filter(format -> plain.endsWith(format.suffix))
        .filter(format -> compression == Compression.NONE || format.compressible)
        .findFirst();
  }

  /** All suffixes, for messages. */
  static String suffixes() {
    Stream<String> plain = Arrays.stream(values()).map(format -> format.suffix);
    Stream<String> compressed =
        Arrays.stream(values())
            .filter(format -> format.compressible)
            .flatMap(
                format ->
                    Stream.of(Compression.GZIP, Compression.ZSTD)
                        .map(compression -> format.suffix + compression.suffix));
    return Stream.concat(plain, compressed).collect(Collectors.joining(", "));
  }

  /**
   * The settings that decide what the documents of such a file are, as text for hashes. Settings of
   * other formats are left out: they do not change this file's documents.
   */
  String settings(CorpusOptions options) {
    return switch (this) {
      case TEXT -> "text paragraphs=" + options.paragraphs();
      case JSONL -> "jsonl field=" + options.textField();
      case PARQUET -> "parquet field=" + options.textField();
      case TOKENS ->
          "tokens bits=" + 8 * options.tokenBytes() + " separator=" + options.separator();
    };
  }
}
