package dev.stillhouse.pipeline.job;

import com.google.common.base.Throwables;

/** Explains an unexpected failure of a worker in words for people, and what to do. */
public final class Failures {
  private Failures() {}

  /** Returns the words for the deepest cause. */
  static String words(Throwable error) {
    Throwable root = Throwables.getRootCause(error);
    if (root instanceof OutOfMemoryError) {
      return String.format(
          "the heap of %d MiB is too small (%s); give it more (STILLHOUSE_OPTS=-Xmx8g), or work with"
              + " fewer threads (--targetParallelism=1)",
          Runtime.getRuntime().maxMemory() >> 20, root.getMessage());
    }
    if (root instanceof StackOverflowError) {
      return "something is nested too deep for the stack; a larger one is"
          + " STILLHOUSE_OPTS=-XX:ThreadStackSize=16384";
    }
    if (root instanceof LinkageError) {
      return "a library cannot be loaded ("
          + plain(root)
          + "); build anew, and let java.io.tmpdir be a folder that is writable and allows execution"
          + " (STILLHOUSE_OPTS=-Djava.io.tmpdir=DIR)";
    }
    return root.toString();
  }

  /** Returns what an error says in its first line, without names of exceptions. */
  public static String plain(Throwable error) {
    return String.valueOf(error.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceAll("(Exception )?\\b([a-z]+\\.)+[A-Z]\\w*(Error|Exception): ", "");
  }
}
