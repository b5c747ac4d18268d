package dev.stillhouse.cli;

/**
 * Adds a command to the command line. {@link java.util.ServiceLoader} finds the providers on the
 * class path, so that a command's module, as that of {@code bench}, may be left out.
 */
public interface CommandProvider {
  /** Returns a new command: an object of a class that picocli's annotations describe. */
  Object command();
}
