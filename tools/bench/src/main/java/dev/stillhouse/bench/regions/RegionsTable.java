package dev.stillhouse.bench.regions;

import dev.stillhouse.cli.commands.Terminal;
import java.util.List;
import java.util.Map;

/** Shows the figures on a terminal. */
final class RegionsTable {
  private RegionsTable() {}

  static void print(Terminal terminal, List<Map<String, Object>> rows) {
    terminal.say(
        "%n%-9s %-4s %-10s | %8s %8s %9s %10s | %8s %8s %9s | %6s",
        "layout",
        "from",
        "policy",
        "epoch MB",
        "requests",
        "seconds",
        "dollars",
        "batch MB",
        "requests",
        "seconds",
        "3 of 1");
    for (Map<String, Object> row : rows) {
      terminal.say(
          "%-9s %-4s %-10s | %8.2f %8.0f %9.2f %10.6f | %8.3f %8.1f %9.3f | %6s",
          text(row, "layout"),
          text(row, "from"),
          text(row, "policy"),
          number(row, "epochBytes") / 1e6,
          number(row, "epochRequests"),
          number(row, "epochSeconds"),
          number(row, "epochDollars"),
          number(row, "randomBatchBytes") / 1e6,
          number(row, "randomBatchRequests"),
          number(row, "randomBatchSeconds"),
          row.containsKey("bytesOfThreeEpochsOverOne")
              ? Terminal.text("%.2f", number(row, "bytesOfThreeEpochsOverOne"))
              : "");
    }
  }

  static void printScans(Terminal terminal, List<Map<String, Object>> scans) {
    for (Map<String, Object> row : scans) {
      terminal.say(
          "%-40s %5.2f of the link's rate (%.1f s)",
          text(row, "name"), number(row, "shareOfLinkRate"), number(row, "seconds"));
    }
  }

  static void printPlans(Terminal terminal, List<Map<String, Object>> plans) {
    for (Map<String, Object> row : plans) {
      terminal.say(
          "%-40s %5.1f %% above the least that any could cost, %.1f %% at worst",
          text(row, "name"),
          100 * number(row, "aboveLeast"),
          100 * number(row, "aboveLeastAtWorst"));
    }
  }

  static void printChecks(Terminal terminal, List<Map<String, Object>> checks) {
    for (Map<String, Object> row : checks) {
      terminal.say(
          "%-40s %5.1f %% of a local read's CPU (%.2f GB/s)",
          text(row, "name"),
          100 * number(row, "shareOfScan"),
          number(row, "bytes") / number(row, "checkSeconds") / 1e9);
    }
  }

  private static String text(Map<String, Object> row, String key) {
    return String.valueOf(row.get(key));
  }

  static double number(Map<String, Object> row, String key) {
    return row.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
