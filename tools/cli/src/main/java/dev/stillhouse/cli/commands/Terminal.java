package dev.stillhouse.cli.commands;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.stillhouse.cli.output.Printable;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.replica.Ledger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Prints the output of a command, and has the options of every command. */
public final class Terminal {
  @Option(names = "--json", description = "Print one JSON object on standard output.")
  private boolean json;

  @Option(names = "--verbose", description = "Show stack traces and what libraries log.")
  @SuppressWarnings("UnusedVariable") // The main class looks for it before libraries are loaded.
  private boolean verbose;

  private boolean outIsTaken;

  /** Prints a line for people. */
  public void say(String format, Object... values) {
    (json || outIsTaken ? System.err : System.out)
        .println(values.length == 0 ? format : text(format, values));
  }

  /** Returns whether the result is for programs. */
  boolean json() {
    return json;
  }

  /** Leaves standard output to bytes: text for people goes to standard error. */
  void resultToErrors() {
    outIsTaken = true;
  }

  /** Prints a line of progress for people; it is never part of a result. */
  void progress(String format, Object... values) {
    System.err.println(text(format, values));
  }

  /** A result with its cost. */
  private record WithLedger(@JsonUnwrapped Object result, List<Ledger.Entry> ledger) {}

  /** Prints the result for programs, if they asked, with its cost under the key ledger. */
  void result(Object value, Ledger ledger) {
    result(new WithLedger(value, ledger.entries()));
  }

  /** Prints the result for programs, if they asked. */
  public void result(Object value) {
    if (json) {
      System.out.println(Json.line(value));
    }
  }

  /** Returns whether standard error is a terminal, as the launcher says. */
  static boolean interactive() {
    return Boolean.getBoolean("stillhouse.terminal");
  }

  /**
   * Returns whether errors may be coloured: standard error is a terminal, and plain text was not
   * asked for.
   */
  public static boolean colouredErrors() {
    return interactive() && System.getenv("NO_COLOR") == null; // https://no-color.org
  }

  /** Returns whether standard output may be coloured, as for {@code --help}. */
  public static boolean colouredOut() {
    return Boolean.getBoolean("stillhouse.terminal.out") && System.getenv("NO_COLOR") == null;
  }

  /** Returns the characters of a line of help: the terminal's, up to a readable length. */
  public static int helpColumns() {
    return Math.max(80, Math.min(110, columns()));
  }

  /** Returns the characters of a line of the terminal, as the launcher says. */
  static int columns() {
    return Math.max(40, Integer.getInteger("stillhouse.columns", 80));
  }

  /**
   * Formats text with numbers in English form, in any locale. Texts and paths stay on one line: a
   * name from outside cannot add lines.
   */
  public static String text(String format, @Nullable Object... values) {
    Object[] safe =
        Arrays.stream(values)
            .map(
                value ->
                    value instanceof CharSequence || value instanceof Path
                        ? Printable.word(value.toString())
                        : value)
            .toArray();
    return String.format(Locale.ROOT, format, safe);
  }

  /** Returns a time for people. */
  static String duration(double seconds) {
    if (seconds < 120) {
      return text("%.1f s", seconds);
    }
    return seconds < 7200 ? text("%.0f min", seconds / 60) : text("%.1f h", seconds / 3600);
  }

  /** Returns a length of bytes for people. */
  static String bytes(long count) {
    double bytes = count;
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    int unit = 0;
    while (bytes >= 1000 && unit < units.length - 1) {
      bytes /= 1000;
      unit++;
    }
    return text(unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  }
}
