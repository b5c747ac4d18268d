package dev.stillhouse.storage.region.cache;

import com.google.common.util.concurrent.Striped;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
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
 * Locks between processes, so that one fetches a blob's pieces and the others find them. A lock is
 * help, not safety: who does not get it in time, or cannot, goes on without, and fetches bytes that
 * another may fetch too. The system lets go of a killed process's locks.
 */
final class CacheLocks {
  private static final Logger LOG = LoggerFactory.getLogger(CacheLocks.class);
  private static final int MANY = 64;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration STEP = Duration.ofMillis(5);

  private final Path directory;
  private final Striped<Lock> threads = Striped.lock(MANY); // A file's lock is the whole JVM's.

  CacheLocks(Path directory) {
    this.directory = directory;
  }

  /** A lock that is held until it is closed. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for the lock of a blob. */
  Held hold(String key) {
    int number = Math.floorMod(key.hashCode(), MANY);
    Lock thread = threads.getAt(number);
    thread.lock();
    @Nullable FileChannel file = open(number);
    return () -> {
      try {
        if (file != null) {
          file.close(); // and the lock with it
        }
      } catch (IOException e) {
        LOG.warn("a lock of the cache in {} cannot be closed ({})", directory, e.toString());
      } finally {
        thread.unlock();
      }
    };
  }

  private @Nullable FileChannel open(int number) {
    FileChannel file = null;
    try {
      Files.createDirectories(directory);
      file =
          FileChannel.open(
              directory.resolve(String.format(Locale.ROOT, "%02d", number)),
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE);
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!taken(file) && System.nanoTime() < end) {
        Thread.sleep(STEP.toMillis());
      }
    } catch (IOException e) {
      LOG.debug("no lock of the cache in {}", directory, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The read that follows tells.
    }
    return file;
  }

  private static boolean taken(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // Another cache of this process has it.
    }
  }
}
