package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.LogitBuffer;
import java.nio.FloatBuffer;

/**
 * Sums exp((x - reference) / T) over the tiles of a row: its log-sum-exp at another temperature.
 * One more pass over a tile in the first-level cache; memory is read no more often.
 */
final class Tempered {
  /** Stands for no buffer to touch; of the class that all buffers' words have. */
  private static final FloatBuffer NOTHING = LogitBuffer.float32(new float[1]).words();

  private final double temperature;
  private final float inverse;
  private final Lanes lanes;
  private final float[] scaled = new float[Lanes.TILE];
  private final Lanes.Sums sums = new Lanes.Sums();
  private double mass;
  private float reference;

  Tempered(double temperature, Lanes lanes) {
    this.temperature = temperature;
    this.inverse = (float) (1 / temperature);
    this.lanes = lanes;
  }

  void clear() {
    mass = 0;
    reference = Float.NEGATIVE_INFINITY;
  }

  /**
   * Adds a tile.
   *
   * @param max the largest logit so far, finite
   */
  void add(float[] tile, int n, float max) {
    if (max > reference) {
      mass *= StrictMath.exp(((double) reference - max) / temperature);
      reference = max;
    }
    for (int i = 0; i < n; i++) {
      scaled[i] = (tile[i] - max) * inverse;
    }
    lanes.masses(scaled, n, 0, NOTHING, 0, Lanes.STAY, sums);
    mass += ExpSums.total(sums.mass);
  }

  /** Returns the sums of the tile that was added last, relative to the largest logit then. */
  Lanes.Sums sums() {
    return sums;
  }

  double temperature() {
    return temperature;
  }

  /** Returns the log of the sum of exp((x - max) / T) with max the row's largest logit. */
  double logSum() {
    return StrictMath.log(mass);
  }
}
