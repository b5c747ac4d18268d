package dev.stillhouse.pipeline.corpus;

import java.io.Serializable;

/**
 * A byte range of one file that starts and ends where documents do.
 *
 * @param path absolute path, to open and for messages; part of no hash
 * @param name relative name, separated by {@code /}; what a segment's source says
 * @param offset first byte within the file
 * @param length bytes
 * @param firstDocument number within the file, counted from 0, of the first document in the range;
 *     for jsonl the number of its line
 * @param sha256 of the range's bytes, hex; a reader checks it
 */
public record Piece(
    CorpusFormat format,
    String path,
    String name,
    long offset,
    long length,
    long firstDocument,
    String sha256)
    implements Serializable {
  /** First byte after the range. */
  public long end() {
    return offset + length;
  }
}
