package dev.stillhouse.pipeline.corpus;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a corpus file holds, known by its suffix. */
public enum CorpusFormat {
  /** UTF-8 text: one document, or one document a paragraph. */
  TEXT(".txt"),
  /** One JSON object a line, one document each. */
  JSONL(".jsonl"),
  /** Token ids, little-endian and unsigned, without a header. */
  TOKENS(".bin");

  private final String suffix;

  CorpusFormat(String suffix) {
    this.suffix = suffix;
  }

  /** The format of a file of this name; empty where the suffix is none of {@link #suffixes()}. */
  static Optional<CorpusFormat> of(String fileName) {
    return Arrays.stream(values()).filter(format -> fileName.endsWith(format.suffix)).findFirst();
  }

  /** All suffixes, for messages. */
  static String suffixes() {
    return Arrays.stream(values()).map(format -> format.suffix).collect(Collectors.joining(", "));
  }

  /**
   * The settings that decide what the documents of such a file are, as text for hashes. Settings of
   * other formats are left out: they do not change this file's documents.
   */
  String settings(CorpusOptions options) {
    return switch (this) {
      case TEXT -> "text paragraphs=" + options.paragraphs();
      case JSONL -> "jsonl field=" + options.textField();
      case TOKENS ->
          "tokens bits=" + 8 * options.tokenBytes() + " separator=" + options.separator();
    };
  }
}
