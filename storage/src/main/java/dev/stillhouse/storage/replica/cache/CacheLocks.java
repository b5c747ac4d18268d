package dev.stillhouse.storage.replica.cache;

import com.google.common.hash.Hashing;
import com.google.common.util.concurrent.Striped;
import dev.stillhouse.storage.store.Waits;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks between processes, so that one fetches a blob's ranges and the others find them. All are in
 * one empty file: the byte at the hash of the blob's key is locked, so that no blob waits for
 * another's. A lock saves work and is not needed for safety: a process that does not get it in time
 * goes on without it, and may fetch the same bytes. The system releases a killed process's locks.
 */
final class CacheLocks {
  private static final Logger LOG = LoggerFactory.getLogger(CacheLocks.class);
  private static final int THREADS = 1 << 16;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration STEP = Duration.ofMillis(5);

  private final Path path;
  private final Striped<Lock> threads =
      Striped.lazyWeakLock(THREADS); // Files know processes alone.

  /** Stays open: closing it would release all locks that this process has on the file. */
  private @Nullable FileChannel file;

  CacheLocks(Path path) {
    this.path = path;
  }

  /** A lock that is held until it is closed. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for the lock of a blob. */
  Held hold(String key) {
    Lock thread = threads.get(key);
    @Nullable FileLock lock;
    String what =
        String.format(
            Locale.ROOT,
            "%s, which another reader is fetching into the cache at %s (its lock is given %d s)",
            key,
            path.toAbsolutePath().getParent(),
            PATIENCE.toSeconds());
    try (Waits.Wait wait = Waits.OF_PROCESS.on(what)) {
      thread.lock();
      lock = lock(place(key));
    }
    return () -> {
      try {
        if (lock != null) {
          lock.release();
        }
      } catch (IOException e) {
        LOG.warn("a lock of the cache at {} cannot be let go ({})", path, e.toString());
      } finally {
        thread.unlock();
      }
    };
  }

  private static long place(String key) {
    return Hashing.farmHashFingerprint64().hashString(key, StandardCharsets.UTF_8).asLong() >>> 2;
  }

  private @Nullable FileLock lock(long place) {
    try {
      FileChannel open = open();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() - end < 0) {
        FileLock lock = taken(open, place);
        if (lock != null) {
          return lock;
        }
        Thread.sleep(STEP.toMillis());
      }
    } catch (IOException e) {
      LOG.debug("no lock of the cache at {}", path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The read that follows tells.
    }
    return null;
  }

  private synchronized FileChannel open() throws IOException {
    FileChannel open = file;
    if (open == null || !open.isOpen()) { // An interrupted thread closes it.
      Files.createDirectories(path.toAbsolutePath().getParent());
      open = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      file = open;
    }
    return open;
  }

  private static @Nullable FileLock taken(FileChannel file, long place) throws IOException {
    try {
      return file.tryLock(place, 1, false);
    } catch (OverlappingFileLockException e) {
      return null; // Another cache of this process has it.
    }
  }
}
