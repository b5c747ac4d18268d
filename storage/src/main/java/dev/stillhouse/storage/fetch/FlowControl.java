package dev.stillhouse.storage.fetch;

/**
 * Decides how many requests are under way at once. It doubles the number while that raises the
 * rate, as measured over as many answers as requests are allowed, and goes back where it does not.
 * Without a clock of its own. For one thread.
 */
final class FlowControl {
  /** A rate that is higher by less is the same rate. */
  private static final double GAIN = 1.1;

  /** The best rate is forgotten by this a measurement, since links change. */
  private static final double FORGET = 0.98;

  private final int min;
  private final int max;
  private int limit;
  private boolean doubled;
  private double best;
  private long since;
  private int answers;
  private int limited;
  private long bytes;

  /**
   * Creates a control.
   *
   * @param min requests at the start, and at least
   * @param now nanoseconds
   */
  FlowControl(int min, int max, long now) {
    this.min = min;
    this.max = max;
    this.limit = min;
    this.since = now;
  }

  /** Returns the max number of requests under way. */
  int limit() {
    return limit;
  }

  /**
   * Records an answer.
   *
   * @param length bytes that came
   * @param waiting whether other requests wait for their turn; if not, the rate says nothing
   */
  void answered(long now, long length, boolean waiting) {
    answers++;
    bytes += length;
    limited += waiting ? 1 : 0;
    if (answers < limit) {
      return;
    }
    if (limited * 2 > answers) {
      measured(bytes / Math.max(1e-9, (now - since) / 1e9));
    }
    since = now;
    answers = 0;
    limited = 0;
    bytes = 0;
  }

  private void measured(double rate) {
    if (rate > best * GAIN) {
      best = rate;
      doubled = limit < max;
      limit = Math.min(max, limit * 2);
      return;
    }
    if (doubled) {
      limit = Math.max(min, limit / 2);
      doubled = false;
    }
    best = Math.max(best * FORGET, rate);
  }
}
