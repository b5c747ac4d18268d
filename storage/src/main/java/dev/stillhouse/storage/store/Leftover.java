package dev.stillhouse.storage.store;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.PublicApi;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A scratch directory that no living process is known to hold.
 *
 * @param directory where it is
 * @param locked whether it has a lock that no process holds: its owner is dead. Without one (an
 *     older release made it, or the file system has no locks) only its age decides
 * @param bytes of the files in it
 * @param written when something was last written there
 */
@PublicApi
public record Leftover(Path directory, boolean locked, long bytes, Instant written) {
  /** The folder of a directory store in which scratch directories lie. */
  public static final String FOLDER = ".scratch";

  /**
   * Finds the leftovers below a directory whose names match a glob; none if the directory is
   * missing.
   */
  public static List<Leftover> in(Path parent, String glob) throws IOException {
    List<Leftover> found = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, glob)) {
      for (Path directory : directories) {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
            && !ScratchLock.held(directory)) {
          add(found, directory);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return found;
  }

  private static void add(List<Leftover> found, Path directory) throws IOException {
    long bytes = 0;
    boolean locked = false;
    try {
      Instant written = attributes(directory).lastModifiedTime().toInstant();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          BasicFileAttributes attributes = attributes(file);
          Instant changed = attributes.lastModifiedTime().toInstant();
          written = changed.isAfter(written) ? changed : written;
          bytes += attributes.size();
          locked |= file.endsWith(ScratchLock.NAME);
        }
      }
      found.add(new Leftover(directory, locked, bytes, written));
    } catch (NoSuchFileException e) {
      // Another process removes it just now.
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns its name below its region. */
  public String key() {
    return FOLDER + "/" + directory.getFileName();
  }

  /** Returns whether a key names a leftover. No blob may have such a key. */
  public static boolean isKey(String key) {
    return key.startsWith(FOLDER + "/");
  }

  /** Removes it, unless a process holds it. */
  public void remove() {
    try {
      ScratchLock.remove(directory);
    } catch (IOException e) {
      throw new DataException("cannot remove " + directory + ": " + e.getMessage(), e);
    }
  }
}
