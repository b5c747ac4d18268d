package dev.stillhouse.storage.store;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.PublicApi;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The immutable blobs of one region. Safe for many threads and processes. A blob appears as a
 * whole, is durable, and never changes (except that {@link #replace} replaces a damaged copy). A
 * killed writer leaves nothing that readers see.
 *
 * <p>Errors of the underlying store are {@link dev.stillhouse.storage.DataException}s that name
 * region, key and reason, and nothing secret. Every method refuses a key that is {@linkplain
 * BlobKeys none} with such an error before anything is sent. Passing failures (a lost connection)
 * are retried here for about a second, a busy store for {@link #BUSY_PATIENCE}. Others reach the
 * caller. A {@link NotReachedException} says nothing of the blob, which may be there and right.
 */
@PublicApi
public interface BlobStore extends AutoCloseable {
  /** How long a busy store is asked again. */
  Duration BUSY_PATIENCE = Duration.ofSeconds(12);

  /** Max bytes of one {@link #read}. */
  long MAX_BYTES_AT_ONCE = 1L << 30;

  /** Returns the name of the region. */
  String region();

  /**
   * Puts a blob if there is none of this key.
   *
   * <p>Atomic: of several callers at once, in whatever processes, exactly one gets true, and
   * readers see no blob or all of it. When this returns, the blob is durable and visible to {@link
   * #size}, {@link #read} and {@link #list}. After an error it may be there, whole, or not.
   *
   * @param key of the blob, see {@link BlobKeys}
   * @param file the bytes; the caller does not change it afterwards, and deletes it
   * @return false if a blob of this key exists already; it stays as it is
   */
  boolean putIfAbsent(String key, Path file);

  /**
   * Puts a blob from memory if there is none of this key, as {@link #putIfAbsent(String, Path)}
   * does.
   */
  boolean putIfAbsent(String key, byte[] bytes);

  /**
   * Replaces a damaged or missing copy by right bytes. Only repair does this; readers never move
   * bytes (law 6).
   *
   * <p>Atomic: a reader in between, or after a crash, finds the old bytes or the new ones, never
   * none. Of several at once the last one wins.
   *
   * @param key of the blob
   * @param file the bytes; the caller does not change it afterwards, and deletes it
   */
  void replace(String key, Path file);

  /**
   * Returns why the whole store is unavailable, for people, as in "/path is not there"; empty if it
   * is reachable. For {@link #size} and {@link #delete} an unavailable place is no error: there is
   * no such blob.
   */
  Optional<String> unavailableReason();

  /** Returns the length of a blob in bytes; empty if there is none. */
  OptionalLong size(String key);

  /**
   * Reads ranges of one blob, all or nothing. A read of more than {@link #MAX_BYTES_AT_ONCE} is
   * refused at once; all other errors are in the result. A missing blob is a {@link
   * MissingBlobException}, even if no range is asked for or all are empty. A range past its end is
   * a {@link dev.stillhouse.storage.DamagedBlobException} at the blob's length. While a copy is
   * replaced, one range may be of the old bytes and another of the new ones: the caller checks what
   * it reads.
   *
   * <p>Cancelling the result stops reads that have not begun; those over a network end at once.
   *
   * @param key of the blob
   * @param ranges in any order
   * @return a buffer for each range, in their order
   */
  CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges);

  /**
   * Returns the blobs whose keys start with {@code prefix}, sorted by key, each once. Blobs that
   * are put or deleted meanwhile may be among them or not; all others are. Entries that are no
   * blobs (folders, hidden files, names that no blob may have) are passed over.
   *
   * @param prefix a key and a slash, or empty
   */
  List<ListedBlob> blobs(String prefix);

  /** Returns the keys of {@link #blobs}. */
  default List<String> list(String prefix) {
    return blobs(prefix).stream().map(ListedBlob::key).toList();
  }

  /**
   * Removes a blob; nothing happens if there is none. A concurrent read finishes or finds that the
   * blob is missing.
   */
  void delete(String key);

  /**
   * Returns a directory of this machine for files on their way into this store, used by this store
   * object alone. Leftovers of a killed process of this host are removed on a later call.
   */
  Path scratch();

  /**
   * Finds scratch directories in this region that no living process of any host is known to hold.
   * Stores that are not on this machine have none.
   */
  default List<Leftover> leftovers() {
    return List.of();
  }

  /**
   * Requests that a store sent beyond one for each range, HEAD and list that it was asked for.
   *
   * @param retries requests that were sent again
   * @param pages pages of lists after their first, and those that {@link #unavailableReason} took
   */
  record ExtraRequests(long retries, long pages) {
    /** No extra requests. */
    public static final ExtraRequests NONE = new ExtraRequests(0, 0);
  }

  /**
   * Proves that {@link #putIfAbsent} does not overwrite. It is called before the first commit to a
   * store whose server may not keep to it. Stores of this machine need no proof.
   *
   * @throws DataException if it overwrites, so that of two writers at once one would be lost
   */
  default void provePutIfAbsent() {}

  /**
   * Returns and resets the count of extra requests since the last call. The caller records them in
   * the ledger.
   */
  default ExtraRequests drainExtraRequests() {
    return ExtraRequests.NONE;
  }

  /** Releases threads, connections and scratch files. No other method may be called afterwards. */
  @Override
  void close();
}
