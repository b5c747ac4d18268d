package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.UsageException;

/**
 * A teacher as the command line names it: {@code name} or {@code name:argument}. The argument is
 * all that follows the first colon, so that a path may hold more of them.
 *
 * @param name of the provider
 * @param argument for the provider; "" if there is none
 */
public record TeacherName(String name, String argument) {
  /**
   * Reads the text form.
   *
   * @throws dev.stillhouse.storage.UsageException if it has no name
   */
  public static TeacherName parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    if (name.isEmpty()) {
      throw UsageException.of(
          "teacher '%s' has no name; expected NAME or NAME:ARGUMENT, as in ngram", text);
    }
    return new TeacherName(name, colon < 0 ? "" : text.substring(colon + 1));
  }

  /**
   * Returns the name for people and manifests: files by their names alone, since a path is of one
   * machine.
   *
   * @throws dev.stillhouse.storage.UsageException if there is no such teacher
   */
  public String label() {
    return new TeacherName(name, Teachers.named(name).label(argument)).toString();
  }

  /** Returns the text form. */
  @Override
  public String toString() {
    return argument.isEmpty() ? name : name + ":" + argument;
  }
}
