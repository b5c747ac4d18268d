package dev.stillhouse.bench;

import dev.stillhouse.cli.commands.Terminal;

/**
 * A figure that the project set out to reach, and what a run reached.
 *
 * @param what is told
 * @param reached in this run
 * @param need what was to be reached
 * @param min whether {@code need} is the least; else it is the most
 */
public record Goal(String what, double reached, double need, boolean min) {
  /** A figure that must be at least so much. */
  public static Goal atLeast(String what, double reached, double need) {
    return new Goal(what, reached, need, true);
  }

  /** A figure that must be at most so much. */
  public static Goal atMost(String what, double reached, double need) {
    return new Goal(what, reached, need, false);
  }

  /** Whether it was reached. */
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

  /** A figure, short. */
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
