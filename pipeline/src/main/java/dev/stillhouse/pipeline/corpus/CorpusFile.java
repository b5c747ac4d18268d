package dev.stillhouse.pipeline.corpus;

import java.nio.file.Path;

/**
 * A file of the corpus.
 *
 * @param path absolute
 * @param name relative to what the argument named, separated by {@code /}
 * @param compression how it is stored
 * @param length bytes when it was listed
 */
record CorpusFile(
    Path path, String name, CorpusFormat format, Compression compression, long length) {
  /** Whether a file of 0 bytes is one of no documents; otherwise it is a broken one. */
  boolean mayBeEmpty() {
    return compression == Compression.NONE && format != CorpusFormat.PARQUET;
  }
}
