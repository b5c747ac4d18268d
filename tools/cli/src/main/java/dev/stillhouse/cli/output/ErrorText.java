package dev.stillhouse.cli.output;

import com.google.common.base.Throwables;
import dev.stillhouse.pipeline.job.Failures;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Describes an error to the person who ran the command: no class names, no stack traces. */
public final class ErrorText {
  private ErrorText() {}

  /** Returns the message without the program's name. */
  public static String of(Throwable error) {
    List<Throwable> chain = Throwables.getCausalChain(error);
    for (Throwable cause : chain) {
      if (cause instanceof UsageException || cause instanceof DataException) {
        return Objects.requireNonNull(cause.getMessage());
      }
    }
    for (Throwable cause : chain) {
      if (cause instanceof OutOfMemoryError) {
        return outOfMemory(cause);
      }
      if (cause instanceof UnsatisfiedLinkError || uninitialised(cause)) {
        return library(Throwables.getRootCause(cause));
      }
    }
    for (Throwable cause : chain) {
      if (cause instanceof IOException io) {
        return of(io);
      }
      if (cause instanceof InvalidPathException path) {
        return invalid(path);
      }
    }
    if (error instanceof StackOverflowError) {
      return "the stack overflowed: something is nested too deeply, or"
          + " STILLHOUSE_OPTS=-Xss4m is needed; --verbose shows where";
    }
    return "this is a bug: "
        + Throwables.getRootCause(error)
        + "; run again with --verbose and report what it prints";
  }

  private static String of(IOException error) {
    String message = String.valueOf(error.getMessage());
    if (error instanceof NoSuchFileException || error instanceof FileNotFoundException) {
      return message.contains("(") ? message : message + ": no such file or directory";
    }
    if (error instanceof AccessDeniedException) {
      return message + ": permission denied";
    }
    if (error instanceof NotDirectoryException) {
      return message + ": not a directory";
    }
    if (error instanceof FileAlreadyExistsException) {
      return message + ": is there already";
    }
    if (error instanceof DirectoryNotEmptyException) {
      return message + ": the directory is not empty";
    }
    if (error instanceof CharacterCodingException) {
      return "not UTF-8 text: " + message;
    }
    if (error instanceof EOFException) {
      return "ends too early: " + message;
    }
    if (message.contains("Too many open files")) {
      return message + "; need 'ulimit -n 256' or more";
    }
    return error instanceof FileSystemException || !message.equals("null")
        ? message
        : "an input or output error that the system does not explain";
  }

  /**
   * Returns the error of a path that cannot be represented. The usual reason is a locale without
   * the letters of a name.
   */
  private static String invalid(InvalidPathException error) {
    String charset = System.getProperty("sun.jnu.encoding", "");
    return "'"
        + error.getInput()
        + "' is no file name here"
        + (charset.toUpperCase(Locale.ROOT).contains("UTF")
            ? ": " + error.getReason()
            : ": the locale's encoding is " + charset + "; set LC_ALL=C.UTF-8");
  }

  private static String outOfMemory(Throwable error) {
    return String.format(
        Locale.ROOT,
        "out of memory (%s; the heap may grow to %,d MB); give it more, as in"
            + " STILLHOUSE_OPTS=-Xmx8g, or ask for less at once",
        error.getMessage(),
        Runtime.getRuntime().maxMemory() >> 20);
  }

  /**
   * Returns whether a class that loads a native library failed before: the second time it has these
   * words.
   */
  private static boolean uninitialised(Throwable error) {
    return error instanceof ExceptionInInitializerError
        || (error instanceof NoClassDefFoundError
            && String.valueOf(error.getMessage()).startsWith("Could not initialize class"));
  }

  /**
   * Returns the error of a native library. Libraries unpack native code into the temporary
   * directory and load it from there.
   */
  private static String library(Throwable root) {
    return "a native library cannot be loaded ("
        + Failures.plain(root)
        + "); libraries are unpacked into "
        + System.getProperty("java.io.tmpdir")
        + ", which must exist, have room and allow execution (not noexec); another directory:"
        + " STILLHOUSE_OPTS=-Djava.io.tmpdir=DIR";
  }
}
