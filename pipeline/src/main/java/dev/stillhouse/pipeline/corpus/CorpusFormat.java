package dev.stillhouse.pipeline.corpus;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The format of a corpus file, known by its suffix. */
public enum CorpusFormat {
  /** UTF-8 text: one document, or one document a paragraph. */
  TEXT(".txt", true),
  /** One JSON object a line, one document each. */
  JSONL(".jsonl", true, ".ndjson"),
  /** Token ids, little-endian and unsigned, without a header. */
  TOKENS(".bin", false),
  /** One document a row, in a column of strings. */
  PARQUET(".parquet", false);

  private final String suffix;
  private final boolean compressible;
  private final ImmutableList<String> suffixes;

  CorpusFormat(String suffix, boolean compressible, String... others) {
    this.suffix = suffix;
    this.compressible = compressible;
    this.suffixes = ImmutableList.<String>builder().add(suffix).add(others).build();
  }

  /** Returns the suffix of such files; if there are several, the first. */
  String suffix() {
    return suffix;
  }

  /**
   * Returns the format of a file of this name; empty if it has none of {@link #suffixes()}, in
   * letters of either case.
   */
  public static Optional<CorpusFormat> of(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    Compression compression = Compression.of(name);
    String plain = name.substring(0, name.length() - compression.suffix.length());
    return Arrays.stream(values())
        .filter(format -> format.suffixes.stream().anyMatch(plain::endsWith))
        .filter(format -> compression == Compression.NONE || format.compressible)
        .findFirst();
  }

  /** Returns the names of all formats: their first suffixes without the dot. */
  public static ImmutableList<String> names() {
    return Arrays.stream(values())
        .map(format -> format.suffix.substring(1))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the format of a name; empty if it is none of {@link #names()}. */
  static Optional<CorpusFormat> named(String name) {
    return Arrays.stream(values())
        .filter(format -> format.suffix.substring(1).equals(name))
        .findFirst();
  }

  /** Returns whether the format is UTF-8. */
  boolean isText() {
    return this == TEXT || this == JSONL;
  }

  /** Returns whether a line is a document, unless it is blank. */
  boolean isLines() {
    return this == JSONL;
  }

  /** Returns all suffixes, for messages. */
  static String suffixes() {
    Stream<String> plain = Arrays.stream(values()).flatMap(format -> format.suffixes.stream());
    Stream<String> compressed =
        Arrays.stream(values())
            .filter(format -> format.compressible)
            .flatMap(format -> format.suffixes.stream())
            .flatMap(
                suffix ->
                    Stream.of(Compression.GZIP, Compression.ZSTD)
                        .map(compression -> suffix + compression.suffix));
    return Stream.concat(plain, compressed).collect(Collectors.joining(", "));
  }

  /**
   * Returns the settings that decide the documents of such a file, as text for hashes. Settings of
   * other formats are left out: they do not change this file's documents.
   */
  public String settings(CorpusOptions options) {
    return switch (this) {
      case TEXT -> "text paragraphs=" + options.paragraphs();
      case JSONL -> "jsonl field=" + options.textField();
      case PARQUET -> "parquet field=" + options.textField();
      case TOKENS ->
          "tokens bits=" + 8 * options.tokenBytes() + " separator=" + options.separator();
    };
  }
}
