package dev.stillhouse.storage.layout.adaptive;

/**
 * Rounds log-probs to whole steps below 0, at most a bound away (nats). The step is a little less
 * than twice the bound, so that rounding to float32 has room.
 *
 * @param bound largest error of a log-prob, in nats
 */
record LogProbQuantizer(float bound) {
  /**
   * Stands for a log-prob that is stored as it is: not finite, positive, too low, or not in order.
   */
  static final int NONE = -1;

  /** Log-probs below this are stored as they are, in nats. */
  private static final float LOWEST = -1000;

  private static final double ROOM = 0.99;

  /** Returns the steps of a log-prob, or {@link #NONE}. */
  int of(float logProb) {
    if (!(logProb <= 0 && logProb >= LOWEST)) {
      return NONE;
    }
    double steps = Math.rint(-logProb / step());
    int whole = (int) steps;
    return whole == steps && Math.abs(nats(whole) - logProb) <= bound ? whole : NONE;
  }

  /** Returns the log-prob of a number of steps, in nats. */
  float nats(int steps) {
    return (float) -(steps * step());
  }

  /** Returns the size of one step, in nats. */
  double step() {
    return 2 * ROOM * bound;
  }
}
