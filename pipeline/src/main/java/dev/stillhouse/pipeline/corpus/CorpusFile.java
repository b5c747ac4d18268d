package dev.stillhouse.pipeline.corpus;

import java.nio.file.Path;

/**
 * A file of the corpus.
 *
 * @param path absolute
 * @param name relative to what the argument named, separated by {@code /}
 * @param compression of the file
 * @param length bytes when it was listed
 */
record CorpusFile(
    Path path, String name, CorpusFormat format, Compression compression, long length) {
  /** Returns whether a file of 0 bytes is valid and has no documents. */
  boolean mayBeEmpty() {
    return compression == Compression.NONE && format != CorpusFormat.PARQUET;
  }
}
