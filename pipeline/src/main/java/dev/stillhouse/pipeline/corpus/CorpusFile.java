package dev.stillhouse.pipeline.corpus;

import java.nio.file.Path;

/**
 * A file of the corpus.
 *
 * @param path absolute
 * @param name relative to what the argument named, separated by {@code /}
 * @param length bytes when it was listed
 */
record CorpusFile(Path path, String name, CorpusFormat format, long length) {}
