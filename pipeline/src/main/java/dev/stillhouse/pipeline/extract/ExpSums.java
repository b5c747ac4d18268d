package dev.stillhouse.pipeline.extract;

/**
 * Sums in double over the tiles of a row, relative to the largest logit so far. When that grows,
 * the sums are scaled to it. So a difference to it is never larger than one to the row's maximum,
 * and neither is its rounding to float.
 */
final class ExpSums {
  private float reference;

  /** Sum of exp(x - reference). */
  private double mass;

  /** Sum of exp(x - reference) (reference - x). */
  private double weighted;

  void clear() {
    reference = Float.NEGATIVE_INFINITY;
    mass = 0;
    weighted = 0;
  }

  /** Returns the largest logit so far. */
  float reference() {
    return reference;
  }

  double mass() {
    return mass;
  }

  double weighted() {
    return weighted;
  }

  /** Raises the reference to at least {@code logit}. */
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

  /** Adds sums that are relative to the same reference; returns false if there was a NaN. */
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
