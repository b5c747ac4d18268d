package dev.stillhouse.pipeline;

import dev.stillhouse.storage.UsageException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads paths that people give as inputs: files and folders of this machine. */
public final class LocalPath {
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://");

  private LocalPath() {}

  /** Returns whether there is a file of this name. The text need not be a path. */
  public static boolean isFile(String text) {
    try {
      return Files.isRegularFile(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Returns the path that a person wrote.
   *
   * @param what the path is of, for messages, as in "corpus"
   * @throws UsageException if the text is empty, a URL, or no path of this machine
   */
  public static Path of(String what, String text) {
    if (text.isEmpty()) {
      throw UsageException.of("%s '': the name is empty; the current folder is called '.'", what);
    }
    if (URL.matcher(text).lookingAt()) {
      throw UsageException.of(
          "%s '%s': URLs are not read yet; copy it to this machine and name the copy", what, text);
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw UsageException.of(
          "%s '%s' is no path here: %s; names beyond ASCII need a UTF-8 locale: LC_ALL=C.UTF-8",
          what, text, e.getReason());
    }
  }
}
