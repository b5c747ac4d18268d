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
 * The immutable blobs of one region. Safe for many threads and processes. A blob, once there, is
 * there as a whole, durable, and never changes (but by {@link #replace} of a damaged copy). What a
 * writer had begun when it was killed is never seen.
 *
 * <p>Errors of the store below are {@link dev.stillhouse.storage.DataException}s that name region,
 * key and reason, and nothing secret. A key that is {@linkplain BlobKeys none} is refused by every
 * method with such an error before anything is asked. What passes by itself (a lost connection) is
 * tried again here for about a second, a store that says that it is busy for {@link
 * #BUSY_PATIENCE}; what does not is the caller's: a {@link NotReachedException} says nothing of the
 * blob, which may be there and right.
 */
@PublicApi
public interface BlobStore extends AutoCloseable {
  /** How long a store that says that it is busy is asked again. */
  Duration BUSY_PATIENCE = Duration.ofSeconds(12);

  /** The most bytes of one {@link #read}. */
  long MAX_BYTES_AT_ONCE = 1L << 30;

  /** Name of the region. */
  String region();

  /**
   * Puts a blob if there is none of this name.
   *
   * <p>Atomic: of several that try at once, in whatever processes, exactly one is told true, and
   * readers see no blob or all of it. When this returns, the blob is durable and visible to {@link
   * #size}, {@link #read} and {@link #list}. After an error it may be there, whole, or not.
   *
   * @param file the bytes; the caller does not change it afterwards, and deletes it
   * @return false if a blob of this name is there already; it stays as it is
   */
  boolean putIfAbsent(String key, Path file);

  /** The same for bytes in memory. */
  boolean putIfAbsent(String key, byte[] bytes);

  /**
   * Puts right bytes in the place of a damaged or missing copy. For repair alone; readers never
   * move bytes (law 6).
   *
   * <p>Atomic: a reader in between, or after a crash, finds the old bytes or the new ones, never
   * none. Of several at once the last one wins.
   *
   * @param file the bytes; the caller does not change it afterwards, and deletes it
   */
  void replace(String key, Path file);

  /**
   * Why nothing can be read here at all, as in "/path is not there"; empty if it can. A missing
   * place is no error for {@link #size} (there is no such blob) and {@link #delete}.
   */
  Optional<String> unavailableReason();

  /** Length of a blob in bytes; empty if there is none. */
  OptionalLong size(String key);

  /**
   * Reads ranges of one blob, all or nothing. A read of more than {@link #MAX_BYTES_AT_ONCE} is
   * refused at once; all else is told by the result: a missing blob is a {@link
   * MissingBlobException}, even if no range is asked for or all are empty; a range past its end is
   * a {@link dev.stillhouse.storage.DamagedBlobException} at the blob's length. While a copy is
   * replaced, one range may be of the old bytes and another of the new ones: what is read is
   * checked by the reader.
   *
   * <p>Cancelling the result stops reads that have not begun; those over a network end at once.
   *
   * @return a buffer for each range, in their order
   */
  CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges);

  /**
   * Blobs whose keys start with {@code prefix} (which ends in a slash, or is empty), sorted by key,
   * each once; none if there are none. Blobs that are put or deleted meanwhile may be among them or
   * not, all others are. What is no blob (folders, hidden files, names that no blob may have) is
   * passed over.
   */
  List<ListedBlob> blobs(String prefix);

  /** The keys of {@link #blobs}. */
  default List<String> list(String prefix) {
    return blobs(prefix).stream().map(ListedBlob::key).toList();
  }

  /**
   * Removes a blob; nothing happens if there is none. A reader in between finds the blob or none; a
   * read that is under way may go on to its end or find that the blob is missing.
   */
  void delete(String key);

  /**
   * A directory of this machine for files on their way into this store, of this store object alone.
   * What a killed process of this host left there is removed when the next one asks.
   */
  Path scratch();

  /**
   * Finds scratch directories in this region that no living process is known to hold, of any host.
   * Stores that are not on this machine have none.
   */
  default List<Leftover> leftovers() {
    return List.of();
  }

  /**
   * What a store sent beyond one request for each range, look and list that it was asked for.
   *
   * @param retries requests that were sent again
   * @param pages of lists after their first, and those that {@link #unavailableReason} took
   */
  record ExtraRequests(long retries, long pages) {
    /** Nothing. */
    public static final ExtraRequests NONE = new ExtraRequests(0, 0);
  }

  /**
   * Proves that {@link #putIfAbsent} does not overwrite: asked before the first commit to a store
   * whose server may not keep to it. Stores of this machine keep to it by what they are made of.
   *
   * @throws DataException if it does, so that of two writers at once one would be lost
   */
  default void provePutIfAbsent() {}

  /** What was sent so since this was last asked: each is told once, to whoever books it. */
  default ExtraRequests drainExtraRequests() {
    return ExtraRequests.NONE;
  }

  /** Lets go of threads, connections and scratch files. Nothing else may be called afterwards. */
  @Override
  void close();
}
