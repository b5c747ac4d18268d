package dev.stillhouse.pipeline.extract;

/**
 * Sums in double over the tiles of a row, relative to the largest logit so far: when that grows,
 * what was summed is scaled to it. So a difference to it is never larger than one to the row's
 * maximum, and its rounding to float neither.
 */
final class ExpSums {
  private float reference;

  /** Of exp(x - reference). */
  private double mass;

  /** Of exp(x - reference) (reference - x). */
  private double weighted;

  void clear() {
    reference = Float.NEGATIVE_INFINITY;
    mass = 0;
    weighted = 0;
  }

  /** The largest logit so far. */
  float reference() {
    return reference;
  }

  double mass() {
    return mass;
  }

  double weighted() {
    return weighted;
  }

  /** Makes the reference at least {@code logit}. */
  void reach(float logit) {
    if (logit > reference) {
      if (mass > 0) {
        double rise = (double) logit - reference;
        double scale = StrictMath.exp(-rise);
        weighted = (weighted + rise * mass) * scale;
        mass *= scale;
      }
      reference = logit;
    }
  }

  /** Adds what was summed relative to the same reference; false if there was a NaN. */
  boolean add(Lanes.Sums sums) {
    mass += total(sums.mass);
    weighted += total(sums.weighted);
    return !Double.isNaN(weighted);
  }

  static double total(float[] lanes) {
    double even = 0;
    double odd = 0;
    for (int l = 0; l < Lanes.WIDTH; l += 2) {
      even += lanes[l];
      odd += lanes[l + 1];
    }
    return even + odd;
  }
}
