package dev.stillhouse.bench.layouts;

import dev.stillhouse.cli.commands.Terminal;
import java.util.List;
import java.util.Map;

/** Shows {@code bench layouts} to people: two tables of one line a store, under 100 columns. */
final class LayoutsTable {
  private static final String SIZE = "%-20s %8s %7s %9s %8s %7s %10s %10s %9s %7s";
  private static final String SPEED = "%-20s %11s %11s %11s %14s %12s %13s";
  private static final String EPOCH = "%-20s %19s %19s %19s %19s";

  private final Terminal terminal;

  LayoutsTable(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(List<Map<String, Object>> rows) {
    terminal.say("");
    terminal.say("Bytes of a position, and what became of log-probs (nats)");
    terminal.say(
        SIZE,
        "",
        "in all",
        "ids",
        "log-probs",
        "entries",
        "rest",
        "container",
        "worst",
        "mean KL",
        "best 8");
    rows.forEach(this::size);
    terminal.say("entries: ids and log-probs; best 8: share of the bytes for the 8 best of each");
    rows.stream()
        .filter(row -> "rival".equals(row.get("kind")))
        .forEach(
            row ->
                terminal.say(
                    "%s keeps %s", message("%s", row, "name"), message("%s", row, "keeps")));
    terminal.say("");
    terminal.say("One thread, positions a second; random reads with the footer known");
    terminal.say(SPEED, "", "write", "read", "sequences/s", "8: requests", "8: kB", "1: over need");
    rows.stream().filter(row -> row.containsKey("readPositionsPerSecond")).forEach(this::speed);
    terminal.say("8: of a random batch of 8 sequences; 1: bytes read over needed for one");
    terminal.say("");
    terminal.say(
        "An epoch of 1 G positions, 16 requests in flight: hours and dollars, by arithmetic");
    terminal.say(EPOCH, "", "75 ms: in order", "shuffled", "233 ms: in order", "shuffled");
    rows.stream().filter(row -> row.containsKey("epochPositions")).forEach(this::epoch);
    terminal.say("75 ms: from London to Virginia; 233 ms: from Tokyo to Frankfurt (AWS)");
    terminal.say("");
  }

  private void epoch(Map<String, Object> row) {
    terminal.say(
        EPOCH,
        message("%s", row, "name"),
        cost(row, "epoch", "75ms"),
        cost(row, "shuffledEpoch", "75ms"),
        cost(row, "epoch", "233ms"),
        cost(row, "shuffledEpoch", "233ms"));
  }

  private static String cost(Map<String, Object> row, String epoch, String link) {
    double seconds = Measured.number(row, epoch + "SecondsAt" + link);
    double dollars = Measured.number(row, epoch + "DollarsAt" + link);
    return Terminal.text("%.2f h %7s", seconds / 3600, Terminal.text("$%,.0f", dollars));
  }

  private void size(Map<String, Object> row) {
    Object refusal = row.get("cannotHold");
    if (refusal != null) {
      terminal.say("%-20s cannot hold this: %s", message("%s", row, "name"), refusal);
      return;
    }
    terminal.say(
        SIZE,
        message("%s", row, "name"),
        message("%.1f", row, "bytesPerPosition"),
        message("%.1f", row, "idBytesPerPosition"),
        message("%.1f", row, "logProbBytesPerPosition"),
        message("%.1f", row, "entryBytesPerPosition"),
        message("%.1f", row, "restBytesPerPosition"),
        message("%.1f", row, "containerBytesPerPosition"),
        message("%.5f", row, "largestErrorNats"),
        message("%.1e", row, "meanDivergenceNats"),
        message("%.2f", row, "bestEightBytesOverAll"));
  }

  private void speed(Map<String, Object> row) {
    terminal.say(
        SPEED,
        message("%s", row, "name"),
        message("%,.0f", row, "writtenPositionsPerSecond"),
        message("%,.0f", row, "readPositionsPerSecond"),
        message("%,.0f", row, "randomSequencesPerSecond"),
        message("%.1f", row, "requestsPerRandomBatch"),
        row.get("bytesPerRandomBatch") instanceof Double bytes
            ? Terminal.text("%,.0f", bytes / 1e3)
            : "",
        message("%.2f", row, "randomSequenceBytesOverNeeded"));
  }

  private static String message(String format, Map<String, Object> row, String key) {
    Object value = row.get(key);
    return value == null ? "" : Terminal.text(format, value);
  }
}
