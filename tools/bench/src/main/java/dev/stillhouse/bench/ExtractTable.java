package dev.stillhouse.bench;

import dev.stillhouse.cli.commands.Terminal;
import org.jspecify.annotations.Nullable;

/**
 * Shows {@code bench extract} to people: a line for each measurement, 100 columns wide. "x plain"
 * is its positions per second over those of the kernel at float32 and the k best alone.
 */
final class ExtractTable {
  private static final String LINE = "%-18s %10s %5s %8s %7s %13s %8s %10s %9s";

  private final Terminal terminal;

  ExtractTable(Terminal terminal) {
    this.terminal = terminal;
  }

  void head() {
    terminal.say(
        LINE,
        "",
        "vocabulary",
        "k",
        "type",
        "threads",
        "positions/s",
        "GB/s",
        "of reading",
        "x plain");
  }

  void row(ExtractTime time) {
    terminal.say(
        LINE,
        time.name(),
        Terminal.text("%,d", time.vocabulary()),
        time.k(),
        time.dtype().message(),
        time.threads(),
        Terminal.text("%,.0f", time.perSecond()),
        Terminal.text("%.2f", time.gigabytesPerSecond()),
        number("%.3f", time.share()),
        number("%.2f", time.overTopK() == null ? time.overFloat32() : time.overTopK()));
    if (time.warning() != null) {
      terminal.say("  ^ %s", time.warning());
    }
  }

  private static String number(String format, @Nullable Double value) {
    return value == null ? "" : Terminal.text(format, value);
  }
}
