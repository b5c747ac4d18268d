package dev.stillhouse.storage.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lock that the owner of a scratch directory holds while it lives, on a file in it. The system
 * releases it when the owner dies, and shows it to other PID namespaces and, over a network file
 * system, to other hosts. A process id means something in its own namespace alone.
 */
public final class ScratchLock {
  public static final String NAME = "owner.lock";

  /**
   * The directories of this process, by name. They are never opened for a look: closing any channel
   * on a lock's file would release this process's lock. The channels are held here because an
   * unreachable one is closed.
   */
  private static final Map<String, Optional<FileChannel>> OWN = new ConcurrentHashMap<>();

  private ScratchLock() {}

  /**
   * Makes a directory and takes its lock; none on a file system without locks.
   *
   * @throws NoSuchFileException if another process removed it before the lock was taken
   */
  public static void make(Path directory) throws IOException {
    OWN.put(name(directory), Optional.empty()); // Before another thread can see the directory.
    try {
      Files.createDirectory(directory);
      Path file = directory.resolve(NAME);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      OWN.put(name(directory), Optional.of(channel));
      if (!locks(channel)) {
        letGo(directory);
        Files.delete(file);
      } else if (!Files.exists(file)) { // Whoever takes the lock before its owner removes the file.
        throw new NoSuchFileException(file.toString());
      }
    } catch (IOException e) {
      letGo(directory);
      OWN.remove(name(directory));
      throw e;
    }
  }

  private static boolean locks(FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() == null) {
        throw new NoSuchFileException("a scratch directory that is being removed");
      }
      return true;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      if (!channel.isOpen()) {
        throw e; // The thread was interrupted.
      }
      return false;
    }
  }

  /** Removes a directory of this process, and releases its lock. */
  static void removeOwn(Path directory) throws IOException {
    try {
      removeFiles(directory);
    } finally {
      letGo(directory); // Before the directory: NFS keeps the name of a file that is open.
    }
    Files.deleteIfExists(directory);
    OWN.remove(name(directory));
  }

  private static void letGo(Path directory) throws IOException {
    Optional<FileChannel> channel = OWN.put(name(directory), Optional.empty());
    if (channel != null && channel.isPresent()) {
      channel.get().close();
    }
  }

  /** Returns whether a directory may have a living owner that holds its lock. */
  static boolean held(Path directory) {
    try (Taken taken = take(directory)) {
      return taken == null;
    } catch (IOException e) {
      return true; // Not known: it stays.
    }
  }

  /** Removes a directory whose owner is dead; nothing happens if it is held. */
  public static void remove(Path directory) throws IOException {
    try (Taken taken = take(directory)) {
      if (taken == null) {
        return;
      }
      removeFiles(directory);
    }
    Files.deleteIfExists(directory);
  }

  /** The result of taking a lock: a channel, or null for a directory without a lock. */
  private record Taken(@Nullable FileChannel channel) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (channel != null) {
        channel.close();
      }
    }
  }

  /** Takes the lock of a dead owner; null if it is held. */
  private static @Nullable Taken take(Path directory) throws IOException {
    if (OWN.containsKey(name(directory))) {
      return null;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(directory.resolve(NAME), StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return new Taken(null);
    }
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new Taken(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Another store of this process is removing it.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  /** Removes a directory's files. Other stores and processes may remove them at the same time. */
  private static void removeFiles(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory, file -> !file.endsWith(NAME))) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(directory.resolve(NAME)); // Last: a stopped removal goes on next time.
  }

  private static String name(Path directory) {
    return String.valueOf(directory.getFileName());
  }
}
