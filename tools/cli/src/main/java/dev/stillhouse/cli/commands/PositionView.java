package dev.stillhouse.cli.commands;

import dev.stillhouse.cli.output.Printable;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.position.PositionReport;
import dev.stillhouse.storage.dataset.position.PositionReport.Entry;
import dev.stillhouse.storage.dataset.position.PositionReport.Result;
import dev.stillhouse.storage.statistics.Reason;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows the statistics of one position, to programs and to people. */
final class PositionView {
  private static final int BAR = 40;

  private final PositionReport report;
  private final Result told;

  private PositionView(PositionReport report) {
    this.report = report;
    this.told = report.result();
  }

  static PositionView of(Dataset dataset, long sequence, int position) {
    return new PositionView(PositionReport.of(dataset, sequence, position));
  }

  Result message() {
    return told;
  }

  /** Shows at most {@code max} entries. */
  void print(Terminal terminal, int max) {
    terminal.say(
        "sequence %d, position %d, segment %d",
        report.sequence(), report.position(), report.segment());
    if (told.source() == null) {
      terminal.say("padding: nothing is said here");
      return;
    }
    terminal.say("source      %s, document %d", told.source().file(), told.source().document());
    terminal.say("context     %s", visible(report.context()));
    Integer next = told.nextToken();
    for (Entry entry : told.entries().subList(0, Math.min(max, told.entries().size()))) {
      double probability = Math.exp(entry.logProb());
      terminal.say(
          "  %6.2f %%  %-18s %s%s%s",
          100 * probability,
          "'" + visible(entry.text()) + "'",
          entry.reasons() == null && entry.count() == null
              ? ""
              : String.format(Locale.ROOT, "%-20s ", why(entry).strip()),
          "#".repeat((int) Math.round(BAR * probability)),
          next != null && next == entry.id() ? "  <- the text goes on so" : "");
    }
    if (told.entries().size() > max) {
      terminal.say("  ... and %d more that were kept", told.entries().size() - max);
    }
    if (next != null && told.nextText() != null) {
      terminal.say("goes on     '%s' (id %d), %s", visible(told.nextText()), next, rank(next));
    }
    terminal.say(
        "not kept    %.4f %%", 100 * Math.exp(told.logTail() == null ? 0 : told.logTail()));
    terminal.say("entropy     %s", nats(told.entropy(), "none"));
    terminal.say("normaliser  %s", nats(told.logNormaliser(), "the teacher gives none"));
    told.normalisersAt()
        .forEach((at, value) -> terminal.say("  at %-6s  %s", at, nats(value, "none")));
    terminal.say("target      %s", nats(told.targetLogProb(), "none: the segment ends here"));
  }

  /** Returns an entry's reasons, in words. */
  private static String why(Entry entry) {
    List<Reason> reasons = entry.reasons();
    String words =
        reasons == null
            ? ""
            : reasons.stream()
                .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    Integer count = entry.count();
    return count == null || count == 0 ? words : words + " " + count + "x";
  }

  private String rank(int next) {
    for (int e = 0; e < told.entries().size(); e++) {
      if (told.entries().get(e).id() == next) {
        return "entry " + (e + 1) + " of " + told.entries().size();
      }
    }
    return "which was not kept as an entry";
  }

  private static String nats(@Nullable Float value, String absent) {
    return value == null ? absent : Terminal.text("%.4f nats", value);
  }

  /** Returns the text with white space and control characters made visible. */
  private static String visible(String text) {
    return Printable.word(text);
  }
}
