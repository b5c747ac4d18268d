package dev.stillhouse.bench;

import dev.stillhouse.cli.commands.Terminal;

/**
 * A target of the project, and what a run reached.
 *
 * @param what name of the figure
 * @param reached in this run
 * @param need the target
 * @param min whether {@code need} is a minimum; else it is a maximum
 */
public record Goal(String what, double reached, double need, boolean min) {
  /** Returns a figure with a minimum. */
  public static Goal atLeast(String what, double reached, double need) {
    return new Goal(what, reached, need, true);
  }

  /** Returns a figure with a maximum. */
  public static Goal atMost(String what, double reached, double need) {
    return new Goal(what, reached, need, false);
  }

  /** Returns whether it was reached. */
  public boolean met() {
    return min ? reached >= need : reached <= need;
  }

  @Override
  public String toString() {
    return Terminal.text(
        "%-62s %9s  (%s %s%s)",
        what,
        message(reached),
        min ? "at least" : "at most",
        message(need),
        met() ? "" : ": missed");
  }

  /** Returns a figure as short text. */
  public static String message(double value) {
    if (Math.abs(value) >= 1e4) {
      return Terminal.text("%.2f M", value / 1e6);
    }
    if (Math.abs(value) >= 100) {
      return Terminal.text("%.0f", value);
    }
    return Terminal.text(Math.abs(value) < 0.01 && value != 0 ? "%.1e" : "%.2f", value);
  }
}
