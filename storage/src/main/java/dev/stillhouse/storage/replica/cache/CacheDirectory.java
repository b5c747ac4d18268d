package dev.stillhouse.storage.replica.cache;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.PublicApi;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ranges of immutable blobs in a directory, a file each, named by place and checksum:
 *
 * <pre>
 *   BLOB/offset-length-crc32c   the three in hexadecimal; the file is the bytes and nothing else
 *   lock                        who fetches pieces of a blob holds the lock of the byte at its hash
 *   known/SHA256                what was last known of a dataset, by the hash of its name
 *   tmp/...                     pieces on their way; older than an hour they are a killed writer's
 * </pre>
 *
 * A file appears whole or not at all, so processes may share a directory and be killed at any time.
 * Every file is checked when it is read. One that does not match its name is removed, and its bytes
 * are fetched again. If the directory cannot be written, this is reported once, and reading goes on
 * without it.
 */
@PublicApi
public final class CacheDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(CacheDirectory.class);

  /** Max bytes of what is remembered under a name. */
  private static final long MAX_REMEMBERED = 1 << 20;

  private final Path directory;
  private final CacheSpace space;
  private final CacheLocks locks;
  private volatile boolean writable = true;

  /**
   * Creates a cache in a directory, which is made if it is missing.
   *
   * @param maxBytes of all ranges; the least recently used are removed when a range is written
   */
  public CacheDirectory(Path directory, long maxBytes) {
    this.directory = directory;
    this.space = new CacheSpace(directory, maxBytes);
    this.locks = new CacheLocks(directory.resolve("lock"));
    try {
      Files.createDirectories(directory.resolve("tmp"));
      space.clean();
    } catch (IOException e) {
      unwritable(e);
    }
  }

  /**
   * Returns cached ranges that hold all of {@code ranges}. Missing ones come from {@code source},
   * for one process at a time.
   */
  List<CachedRange> read(String key, List<ByteRange> ranges, RangeCache.Source source) {
    List<CachedRange> here = here(key, ranges);
    if (CachedRanges.missing(ranges, here).isEmpty()) {
      return here;
    }
    try (CacheLocks.Held lock = locks.hold(key)) {
      List<CachedRange> cachedRanges =
          new ArrayList<>(here(key, ranges)); // Somebody may have brought it.
      List<ByteRange> missing = CachedRanges.missing(ranges, cachedRanges);
      if (!missing.isEmpty()) {
        List<CachedRange> brought = source.fetch(missing);
        brought.forEach(cachedRange -> write(key, cachedRange));
        cachedRanges.addAll(brought);
      }
      return cachedRanges;
    }
  }

  private List<CachedRange> here(String key, List<ByteRange> ranges) {
    List<CachedRange> cachedRanges = new ArrayList<>();
    for (CachedRangeFile file : CachedRangeFile.in(directory.resolve(key))) {
      if (ranges.stream().anyMatch(file::touches)) {
        file.read().ifPresent(cachedRanges::add);
      }
    }
    return cachedRanges;
  }

  private void write(String key, CachedRange cachedRange) {
    if (!writable || cachedRange.bytes().remaining() > space.maxBytes()) {
      return;
    }
    try {
      put(
          directory.resolve(key).resolve(CachedRangeFile.name(cachedRange)),
          cachedRange.bytes().duplicate());
      space.wrote(cachedRange.bytes().remaining());
    } catch (IOException e) {
      unwritable(e);
    }
  }

  private void put(Path file, ByteBuffer bytes) throws IOException {
    Path temporary = directory.resolve("tmp").resolve(UUID.randomUUID().toString());
    try (FileChannel out =
        FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
    Files.createDirectories(file.getParent());
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Stores bytes under a name, and replaces earlier ones. */
  public void remember(String name, byte[] bytes) {
    if (writable) {
      try {
        put(known(name), ByteBuffer.wrap(bytes));
      } catch (IOException e) {
        unwritable(e);
      }
    }
  }

  /** Returns what any process stored under a name, unchecked. */
  public Optional<byte[]> remembered(String name) {
    try {
      Path file = known(name);
      return Files.isRegularFile(file) && Files.size(file) <= MAX_REMEMBERED
          ? Optional.of(Files.readAllBytes(file))
          : Optional.empty();
    } catch (IOException e) {
      LOG.warn("the cache in {} cannot be read ({})", directory, e.toString());
      return Optional.empty();
    }
  }

  private Path known(String name) {
    String hash = Hashing.sha256().hashString(name, StandardCharsets.UTF_8).toString();
    return directory.resolve("known").resolve(hash);
  }

  private void unwritable(IOException e) {
    writable = false;
    LOG.warn(
        "the cache in {} cannot be written ({}); reading goes on without it",
        directory,
        e.toString());
  }

  /** Removes the cached ranges that touch some ranges. */
  public void forget(String key, List<ByteRange> ranges) {
    for (CachedRangeFile file : CachedRangeFile.in(directory.resolve(key))) {
      if (ranges.stream().anyMatch(file::touches)) {
        file.remove();
      }
    }
  }

  /** Returns the CRC32C of bytes. */
  static int crc32c(ByteBuffer bytes) {
    return Hashing.crc32c().hashBytes(bytes.duplicate()).asInt();
  }
}
