package dev.stillhouse.bench.layouts;

import dev.stillhouse.bench.Goal;
import dev.stillhouse.bench.Report;
import dev.stillhouse.bench.report.Markup;
import dev.stillhouse.bench.report.Page;
import dev.stillhouse.cli.commands.Terminal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code bench layouts --report}: writes the figures of a run as one HTML file. */
final class LayoutsPage {
  /** Heads of the table and the keys of its columns. */
  private static final List<Column> COLUMNS =
      List.of(
          new Column("bytes a position", "bytesPerPosition", "%.1f"),
          new Column("of ids", "idBytesPerPosition", "%.1f"),
          new Column("of log-probs", "logProbBytesPerPosition", "%.1f"),
          new Column("of both", "entryBytesPerPosition", "%.1f"),
          new Column("largest error, nats", "largestErrorNats", "%.5f"),
          new Column("mean KL, nats", "meanDivergenceNats", "%.1e"),
          new Column("by tail over fixed k", "byTailOverFixed", "%.2f"),
          new Column("written, positions/s", "writtenPositionsPerSecond", "%,.0f"),
          new Column("read, positions/s", "readPositionsPerSecond", "%,.0f"),
          new Column("random sequences/s", "randomSequencesPerSecond", "%,.0f"),
          new Column("heap to read, MB", "heapMegabytesToReadShard", "%.0f"),
          new Column("requests of a batch of 8", "requestsPerRandomBatch", "%.1f"),
          new Column("bytes of a batch of 8", "bytesPerRandomBatch", "%,.0f"),
          new Column("read over needed, one sequence", "randomSequenceBytesOverNeeded", "%.2f"),
          new Column("best 8 of the bytes", "bestEightBytesOverAll", "%.2f"));

  private record Column(String head, String key, String format) {}

  private LayoutsPage() {}

  /** Returns the file's text. */
  static String html(Measured measured, Report.Machine machine) throws IOException {
    MeasuredDataset sample = measured.sample();
    String lead =
        Terminal.text(
            "%s: %,d sequences of %,d, %s of %,d ids, by %s. %s, %d cores, JDK %s; one thread. %s",
            sample.dataset(),
            sample.sequences(),
            sample.sequenceLength(),
            sample.statistic(),
            sample.vocabulary(),
            sample.teacher(),
            machine.cpu(),
            machine.cores(),
            machine.jdk(),
            sample.rounded());
    Page page = new Page(Findings.title(measured), lead);
    if (!measured.stores().isEmpty()) {
      page.section("At a glance", Page.charts(new LayoutsCharts(measured).all()));
    }
    page.section("What was set out for", goals(measured));
    page.section("All figures", table(measured));
    page.section("How it was measured", Page.list(LayoutsWords.of(measured)));
    return page.html();
  }

  private static Markup goals(Measured measured) {
    List<List<String>> rows = new ArrayList<>();
    for (Goal goal : Goals.of(measured)) {
      rows.add(
          List.of(
              goal.what(),
              Goal.message(goal.reached()),
              (goal.min() ? "at least " : "at most ") + Goal.message(goal.need()),
              goal.met() ? "\u2713 reached" : "\u2717 missed"));
    }
    return Page.table(List.of("figure", "this run", "was to be", ""), rows);
  }

  private static Markup table(Measured measured) {
    List<String> heads = new ArrayList<>(List.of(""));
    COLUMNS.forEach(column -> heads.add(column.head()));
    List<List<String>> rows = new ArrayList<>();
    for (Map<String, Object> row : measured.rows()) {
      List<String> cells = new ArrayList<>(List.of(String.valueOf(row.get("name"))));
      for (Column column : COLUMNS) {
        double value = Measured.number(row, column.key());
        cells.add(Double.isNaN(value) ? "" : Terminal.text(column.format(), value));
      }
      rows.add(cells);
    }
    return Page.table(heads, rows);
  }
}
