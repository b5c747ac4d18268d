package dev.stillhouse.storage.region;

import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The immutable blobs of one region. Safe for many threads and processes. A blob, once there, is
 * there as a whole, durable, and never changes; errors of the store below are {@link
 * dev.stillhouse.storage.DataException}s that name region, key and reason.
 */
public interface RegionStore extends AutoCloseable {
  /** The most bytes of one {@link #read}. */
  long MOST_BYTES_AT_ONCE = 1L << 30;

  /** Name of the region. */
  String region();

  /**
   * Puts a blob if there is none of this name. Of several that try at once exactly one is told
   * true. When this returns, the blob is durable and visible as a whole.
   *
   * @param file the bytes; the caller does not change it afterwards, and deletes it
   * @return false if a blob of this name is there already; it stays as it is
   */
  boolean putNew(String key, Path file);

  /** The same for bytes in memory. */
  boolean putNew(String key, byte[] bytes);

  /**
   * Puts right bytes in the place of a damaged or missing copy. It happens at once: a reader in
   * between, or after a crash, finds the old bytes or the new ones, never none. For repair alone;
   * readers never move bytes (law 6).
   *
   * @param file the bytes; the caller does not change it afterwards, and deletes it
   */
  void replace(String key, Path file);

  /** Why nothing can be read here at all, as in "/path is not there"; empty if it can. */
  Optional<String> absence();

  /** Length of a blob in bytes; empty if there is none. */
  OptionalLong size(String key);

  /**
   * Reads ranges of one blob. Cancelling the result stops reads that have not begun. A missing blob
   * is a {@link MissingBlobException}, a range past its end a {@link
   * dev.stillhouse.storage.DamagedBlobException}.
   *
   * @return a buffer for each range, in their order
   */
  CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges);

  /** Keys that start with {@code prefix} (which ends in a slash, or is empty), sorted. */
  List<String> list(String prefix);

  /** Removes a blob; nothing happens if there is none. */
  void delete(String key);

  /**
   * A local directory for files on their way into this store. What a killed process left there is
   * removed when the next one asks.
   */
  Path scratch();

  @Override
  void close();
}
