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

/** Where a command prints, and the options that every command has. */
public final class Terminal {
  @Option(names = "--json", description = "Print one JSON object on standard output.")
  private boolean json;

  @Option(names = "--verbose", description = "Show stack traces and what libraries log.")
  @SuppressWarnings("UnusedVariable") // The main class looks for it before libraries are loaded.
  private boolean verbose;

  private boolean outIsTaken;

  /** Tells a person something. */
  public void say(String format, Object... values) {
    (json || outIsTaken ? System.err : System.out)
        .println(values.length == 0 ? format : text(format, values));
  }

  /** Whether the result is for programs. */
  boolean json() {
    return json;
  }

  /** Leaves standard output to bytes: what is for people goes to standard error. */
  void resultToErrors() {
    outIsTaken = true;
  }

  /** Tells a person how work goes on; never part of a result. */
  void progress(String format, Object... values) {
    System.err.println(text(format, values));
  }

  /** A result with what it cost. */
  private record WithLedger(@JsonUnwrapped Object result, List<Ledger.Entry> ledger) {}

  /** Prints the result for programs, if they asked, with what it cost under the key ledger. */
  void result(Object value, Ledger ledger) {
    result(new WithLedger(value, ledger.entries()));
  }

  /** Prints the result for programs, if they asked. */
  public void result(Object value) {
    if (json) {
      System.out.println(Json.line(value));
    }
  }

  /** Whether standard error is a terminal; the launcher knows. */
  static boolean interactive() {
    return Boolean.getBoolean("stillhouse.terminal");
  }

  /** Whether errors may be coloured: a person sees them and did not ask for plain text. */
  public static boolean colouredErrors() {
    return interactive() && System.getenv("NO_COLOR") == null; // https://no-color.org
  }

  /** The same for standard output, as for {@code --help}. */
  public static boolean colouredOut() {
    return Boolean.getBoolean("stillhouse.terminal.out") && System.getenv("NO_COLOR") == null;
  }

  /** Characters of a line of help: the terminal's, but none so long that reading is hard. */
  public static int helpColumns() {
    return Math.max(80, Math.min(110, columns()));
  }

  /** Characters of a line of that terminal; the launcher knows this too. */
  static int columns() {
    return Math.max(40, Integer.getInteger("stillhouse.columns", 80));
  }

  /**
   * Formats as people write numbers in English, wherever the machine stands. Texts and paths stay
   * on one line: a name from outside cannot make up lines of its own.
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

  /** A time for people. */
  static String duration(double seconds) {
    if (seconds < 120) {
      return text("%.1f s", seconds);
    }
    return seconds < 7200 ? text("%.0f min", seconds / 60) : text("%.1f h", seconds / 3600);
  }

  /** A length of bytes for people. */
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
