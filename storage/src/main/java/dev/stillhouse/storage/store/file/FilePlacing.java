package dev.stillhouse.storage.store.file;

import dev.stillhouse.storage.store.ScratchDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.UUID;

/**
 * Gives files their names below a root. Put-if-absent is a hard link: it fails if the name is
 * taken, while a move would silently replace it. The order is: write a file beside, fsync it, link
 * it under its name, fsync the directory.
 */
final class FilePlacing {
  private final Path root;
  private final ScratchDirectory scratch;
  private final Links links;

  FilePlacing(Path root, ScratchDirectory scratch, Links links) {
    this.root = root;
    this.scratch = scratch;
    this.links = links;
  }

  /** Makes a hard link, as the file system does. */
  interface Links {
    void make(Path target, Path file) throws IOException;
  }

  /** Links a file under its name; returns false if the name is taken. */
  boolean putIfAbsent(Path target, Path file) throws IOException {
    makeDirectories(directoryOf(target));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now())); // Its age counts from here.
    sync(file);
    return link(target, file);
  }

  /** Replaces an existing file by a copy of another. */
  void replace(Path target, Path file) throws IOException {
    Path copy = scratchFile();
    try {
      makeDirectories(directoryOf(target));
      Files.copy(file, copy);
      sync(copy);
      Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE); // Replaces what is there.
      sync(directoryOf(target));
    } finally {
      deleteQuietly(copy);
    }
  }

  private Path scratchFile() throws IOException {
    return scratch.get().resolve(UUID.randomUUID().toString());
  }

  /**
   * Makes missing directories, each made durable in its parent: a blob is no safer than its path.
   */
  private static void makeDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = directoryOf(directory);
      makeDirectories(parent);
      Files.createDirectories(directory);
      sync(parent);
    }
  }

  private boolean link(Path target, Path file) throws IOException {
    try {
      links.make(target, file);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (FileSystemException | UnsupportedOperationException e) {
      // Another file system: bring the bytes here first, then link.
      if (file.startsWith(root)) {
        throw noLinks(e);
      }
      Path copy = scratchFile();
      try {
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        sync(copy);
        return link(target, copy);
      } finally {
        deleteQuietly(copy);
      }
    }
    sync(directoryOf(target));
    return true;
  }

  /**
   * Returns the error of a file system without hard links. Without them no blob appears whole and
   * only once, so this is not worked around.
   */
  private static IOException noLinks(Exception e) {
    boolean refused =
        e instanceof UnsupportedOperationException
            || (e instanceof FileSystemException f
                && String.valueOf(f.getReason()).matches(".*(not permitted|not supported).*"));
    if (refused) {
      return new IOException(
          "the file system makes no hard links (exFAT, FAT and some FUSE file systems do not), and"
              + " without them two writers could overwrite one another; put the dataset on another"
              + " disk, or copy a finished one here",
          e);
    }
    return e instanceof IOException failure ? failure : new IOException(e);
  }

  private static Path directoryOf(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalStateException("a blob's file has a parent: " + file);
    }
    return parent;
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes a scratch file. If that fails, the file goes with its directory. */
  static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit(); // Scratch: what stays is removed by the next process.
    }
  }
}
