package dev.stillhouse.bench;

import dev.stillhouse.cli.commands.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The result of a benchmark; the keys are promised to programs.
 *
 * @param machine on which it ran
 * @param rows figures, with units in their keys
 */
public record Report(Machine machine, List<Map<String, Object>> rows) {
  /** A machine. Figures of two machines cannot be compared. */
  public record Machine(String cpu, int cores, String jdk) {}

  /** Returns a report of this machine. */
  public static Report of(List<Map<String, Object>> rows) throws IOException {
    return new Report(
        new Machine(
            cpu(), Runtime.getRuntime().availableProcessors(), System.getProperty("java.version")),
        rows);
  }

  private static String cpu() throws IOException {
    Path info = Path.of("/proc/cpuinfo"); // Linux; elsewhere the architecture must do
    if (Files.isReadable(info)) {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return System.getProperty("os.arch");
  }

  /** Prints the machine for a person. */
  public void head(Terminal terminal) {
    terminal.say("%s, %d cores, JDK %s", machine.cpu(), machine.cores(), machine.jdk());
  }

  /** Prints all, each row as a list of its figures. */
  public void print(Terminal terminal) {
    head(terminal);
    for (Map<String, Object> row : rows) {
      terminal.say(String.valueOf(row.get("name")));
      row.forEach(
          (key, value) -> {
            if (!key.equals("name")) {
              terminal.say("  %-28s %s", key, message(value));
            }
          });
    }
    terminal.result(this);
  }

  private static String message(Object value) {
    if (value instanceof Double number) {
      return Terminal.text(Math.abs(number) < 100 ? "%.3f" : "%,.0f", number);
    }
    return String.valueOf(value);
  }
}
