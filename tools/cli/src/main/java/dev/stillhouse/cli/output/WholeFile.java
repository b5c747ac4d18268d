package dev.stillhouse.cli.output;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that a command writes, whole or absent: it is written beside its name and renamed by
 * {@link #commit}. Closing it before that leaves the name as it was. Devices and pipes, as {@code
 * /dev/stdout}, and {@code -}, standard output, have nothing to rename.
 */
public final class WholeFile implements AutoCloseable {
  private final Path file;
  private final Path part;
  private boolean committed;

  private WholeFile(Path file, Path part) {
    this.file = file;
    this.part = part;
  }

  /**
   * Begins to write a file.
   *
   * @param file its name; a symbolic link is followed, and stays one
   */
  public static WholeFile begin(Path file) throws IOException {
    boolean special = Files.exists(file) && !Files.isRegularFile(file);
    if (special || file.toString().equals("-")) {
      return new WholeFile(file, file);
    }
    Path real = Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file;
    Path absolute = real.toAbsolutePath();
    String name = "." + absolute.getFileName() + "." + UUID.randomUUID() + ".part";
    return new WholeFile(absolute, absolute.resolveSibling(name));
  }

  /** Writes a whole file at once. */
  public static void write(Path file, byte[] bytes) throws IOException {
    try (WholeFile whole = begin(file)) {
      Files.write(whole.part(), bytes);
      whole.commit();
    }
  }

  /** Writes a whole file at once, as UTF-8. */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Checks that a file can be written, before the work for it begins.
   *
   * @param option that names it, for errors
   * @throws UsageException if the name is empty
   * @throws DataException if it is a folder, or its folder is missing
   */
  public static void check(String option, Path file) {
    if (file.toString().isEmpty()) {
      throw UsageException.of("%s '': need the name of a file", option);
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null || !Files.isWritable(parent) || Files.isDirectory(file)) {
      throw DataException.of(
          "%s %s cannot be written: need a file in a directory that is there", option, file);
    }
  }

  /** Returns the path to write to until {@link #commit}. */
  public Path part() {
    return part;
  }

  /** Gives the file its name, on disk and not only in memory. */
  public void commit() throws IOException {
    if (!part.equals(file)) {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      try {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    committed = true;
  }

  /** Removes the file, unless it was committed. */
  @Override
  public void close() throws IOException {
    if (!committed && !part.equals(file)) {
      Files.deleteIfExists(part);
    }
  }
}
