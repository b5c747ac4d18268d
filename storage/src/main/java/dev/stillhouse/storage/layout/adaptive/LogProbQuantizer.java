package dev.stillhouse.storage.layout.adaptive;

/**
 * Log-probs as whole steps below 0, at most a bound away (nats). The step is a little less than
 * twice the bound, so that rounding to float32 has room.
 *
 * @param bound largest error of a log-prob, in nats
 */
record LogProbQuantizer(float bound) {
  /** A log-prob that is kept as it is: not finite, positive, too low, or not in order. */
  static final int NONE = -1;

  /** Below this many nats a log-prob is kept as it is. */
  private static final float LOWEST = -1000;

  private static final double ROOM = 0.99;

  /** Steps of a log-prob, or {@link #NONE}. */
  int of(float logProb) {
    if (!(logProb <= 0 && logProb >= LOWEST)) {
      return NONE;
    }
    double steps = Math.rint(-logProb / step());
    int whole = (int) steps;
    return whole == steps && Math.abs(nats(whole) - logProb) <= bound ? whole : NONE;
  }

  /** The log-prob of some steps. */
  float nats(int steps) {
    return (float) -(steps * step());
  }

  /** Nats of one step. */
  double step() {
    return 2 * ROOM * bound;
  }
}
