package dev.stillhouse.pipeline.corpus;

import java.io.Serializable;

/**
 * A byte range of one file that starts and ends where documents do.
 *
 * @param compression how the file is stored; a compressed file is one split
 * @param path absolute path, to open and for messages; part of no hash
 * @param name relative name, separated by {@code /}; it names the source of segments
 * @param offset first byte within the file
 * @param length bytes
 * @param firstDocument number within the file, counted from 0, of the first document in the range;
 *     for jsonl the number of its line
 * @param documents max number of documents to take from the range; {@link #ALL} without a limit
 * @param sha256 of the range's bytes as they are stored, hex; a reader checks it
 */
public record FileSplit(
    CorpusFormat format,
    Compression compression,
    String path,
    String name,
    long offset,
    long length,
    long firstDocument,
    long documents,
    String sha256)
    implements Serializable {
  /** No limit of documents. */
  public static final long ALL = Long.MAX_VALUE;

  /** Returns the same split with a limit of documents. */
  public FileSplit first(long max) {
    return new FileSplit(
        format, compression, path, name, offset, length, firstDocument, max, sha256);
  }

  /** Returns the first byte after the range. */
  public long end() {
    return offset + length;
  }

  /** Returns the number of the first document that is not taken. */
  long endDocument() {
    return documents == ALL ? ALL : firstDocument + documents;
  }

  /** Returns the file's path, for messages about places in its text. */
  public String place() {
    String file = StandardInput.place(path);
    return compression == Compression.NONE ? file : file + " (decompressed)";
  }
}
