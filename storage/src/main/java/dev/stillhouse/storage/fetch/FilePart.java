package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.ByteRange;
import java.util.List;

/** What a task reads of one blob. */
public interface FilePart {
  /** Returns the blob. */
  FetchedFile file();

  /** Returns the number of rows that are read. */
  int rows();

  /** Returns whether all of each row is read. */
  boolean wholeRows();

  /** Returns the ranges that hold these rows. The file is opened. */
  List<ByteRange> ranges();
}
