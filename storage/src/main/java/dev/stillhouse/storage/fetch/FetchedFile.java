package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.replica.ReplicaReader;
import java.nio.ByteBuffer;

/**
 * A blob that tasks read parts of. Where they lie is known once its footer is. All parts of one
 * blob must have the same object. Safe for many threads.
 */
public interface FetchedFile {
  /** Returns the reader that fetches its bytes. */
  ReplicaReader reader();

  /** Returns the key of the blob. */
  String key();

  /** Returns the length of the blob in bytes. */
  long bytes();

  /** Returns where the footer lies. */
  ByteRange footer();

  /** Returns the number of rows in the blob. */
  int rows();

  /** Returns whether the footer is known. */
  boolean opened();

  /**
   * Takes the footer.
   *
   * @throws dev.stillhouse.storage.DamagedBlobException if it is wrong
   */
  void open(ByteBuffer footer);
}
