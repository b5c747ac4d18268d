package dev.stillhouse.cli.commands;

import dev.stillhouse.cli.output.WholeFile;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.loader.Cursor;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes cursors in files. */
final class CursorFile {
  private CursorFile() {}

  /**
   * Reads a cursor.
   *
   * @param option that names it, for errors
   * @throws DataException if it is missing, or is no cursor
   */
  static Cursor read(String option, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw DataException.of("%s %s: no such file", option, file);
    }
    if (Files.size(file) > Cursor.MAX_BYTES) {
      throw DataException.of("%s: larger than any cursor; is this the right file?", file);
    }
    try {
      return Cursor.parse(Files.readString(file), file.toString());
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": not UTF-8 text, so no cursor; is this the right file?", e);
    }
  }

  /** Writes a cursor whole or not at all: a cursor that was cut short would lose the place. */
  static void write(Path file, Cursor cursor) throws IOException {
    WholeFile.write(file, cursor.toJson() + "\n");
  }
}
