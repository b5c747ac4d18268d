package dev.stillhouse.tools.commands;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.loader.Cursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Cursors in files. */
final class CursorFile {
  private CursorFile() {}

  static Cursor read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw DataException.of("%s: no such file", file);
    }
    if (Files.size(file) > Cursor.MOST_BYTES) {
      throw DataException.of("%s: larger than any cursor; is this the right file?", file);
    }
    return Cursor.parse(Files.readString(file), file.toString());
  }

  /** Whole or not at all: a cursor that was cut short would lose the place. */
  static void write(Path file, Cursor cursor) throws IOException {
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    Files.writeString(part, cursor.toJson() + "\n");
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Refuses a file that cannot be written: before an epoch is read, not behind it. */
  static void checkWritable(String option, Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null || !Files.isWritable(parent) || Files.isDirectory(file)) {
      throw DataException.of(
          "%s %s cannot be written: need a file in a directory that is there", option, file);
    }
  }
}
