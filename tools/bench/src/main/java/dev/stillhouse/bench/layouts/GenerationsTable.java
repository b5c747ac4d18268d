package dev.stillhouse.bench.layouts;

import dev.stillhouse.bench.Report;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Layouts;
import java.util.List;
import java.util.Locale;

/**
 * Writes the table of {@code docs/design/generations/README.md}: generations and their costs. A run
 * puts it between two comments of the page and leaves the rest alone.
 */
final class GenerationsTable {
  static final String BEGIN = "<!-- Written by: stillhouse bench layouts --generations -->";
  static final String END = "<!-- So far. -->";

  private static final String SHUFFLED = "shuffledEpochSecondsAt233ms";
  private static final String DOLLARS = "shuffledEpochDollarsAt233ms";

  private GenerationsTable() {}

  /**
   * Returns the table as Markdown.
   *
   * @param neural figures of minigpt's statistics
   * @param ngram figures of the n-gram teacher's statistics, of the same text
   */
  static String markdown(Measured neural, Measured ngram, Report.Machine machine) {
    StringBuilder out = new StringBuilder();
    out.append(
        "| generation | bytes a position: minigpt | n-gram | largest error, nats | mean KL, nats |"
            + " written, M positions/s | read, M positions/s | random sequences/s | a random"
            + " sequence reads, of what it needs | shuffled epoch of 1 G positions over 233 ms |\n");
    out.append("|---|---|---|---|---|---|---|---|---|---|\n");
    int number = 0;
    for (String name : Layouts.generations()) {
      number++;
      out.append(
          Terminal.text(
              "| %d [%s](%s.md) | %s | %s | %s | %s | %s | %s | %s | %s | %s h, $%s |\n",
              number,
              name,
              name,
              message(neural, name, "bytesPerPosition", 1, "%.1f"),
              message(ngram, name, "bytesPerPosition", 1, "%.1f"),
              message(neural, name, "largestErrorNats", 1, "%.4f"),
              message(neural, name, "meanDivergenceNats", 1, "%.0e"),
              message(neural, name, "writtenPositionsPerSecond", 1e-6, "%.2f"),
              message(neural, name, "readPositionsPerSecond", 1e-6, "%.2f"),
              message(neural, name, "randomSequencesPerSecond", 1, "%,.0f"),
              message(neural, name, "randomSequenceBytesOverNeeded", 1, "%.2f"),
              message(neural, name, SHUFFLED, 1 / 3600.0, "%.1f"),
              message(neural, name, DOLLARS, 1, "%,.0f")));
    }
    MeasuredDataset sample = neural.sample();
    out.append(
        String.format(
            Locale.ROOT,
            "\n%s: the first %,d sequences of %,d, %s of %,d; one thread of %s, JDK %s.\n",
            sample.dataset(),
            sample.sequences(),
            sample.sequenceLength(),
            sample.statistic(),
            sample.vocabulary(),
            machine.cpu(),
            machine.jdk()));
    return out.toString();
  }

  private static String message(
      Measured measured, String name, String key, double unit, String format) {
    return measured
        .figure(name, key)
        .map(value -> value == 0 ? "0" : Terminal.text(format, value * unit))
        .orElse("");
  }

  /**
   * Returns the page with this table.
   *
   * @param file of the page, for errors
   * @throws UsageException if the page does not have the two comments
   */
  static String replace(String file, String page, String table) {
    List<Integer> at = List.of(page.indexOf(BEGIN), page.indexOf(END));
    if (at.get(0) < 0 || at.get(1) < at.get(0)) {
      throw UsageException.of(
          "%s: need the lines '%s' and '%s', in this order: the table stands between them",
          file, BEGIN, END);
    }
    return page.substring(0, at.get(0) + BEGIN.length()) + "\n" + table + page.substring(at.get(1));
  }
}
