package dev.stillhouse.pipeline.extract;

import java.nio.FloatBuffer;

/**
 * The loops that read every logit, over a tile on the heap that lies in the first-level cache.
 * Their arithmetic is fixed to the last bit: {@value #WIDTH} float lanes, of which lane l takes the
 * values l, l + {@value #WIDTH}, ... in this order; fused multiply-adds exactly where {@link
 * java.lang.Math#fma} is written; nothing is left to a compiler or to the width of the hardware.
 * {@link PlainLanes} spells it out, {@code VectorLanes} is the fast one.
 *
 * <p>exp(-y) for y >= 0: y is limited to {@link #MAX}; n = round(-y log2 e) by adding and
 * subtracting {@link #ROUND}; f = y + n ln 2; exp(-f) is a polynomial of degree 5, 1 at 0 and
 * within 9.3e-8 of itself where |f| <= ln(2)/2 (minimax, by Lawson's weighted least squares); n is
 * added to its exponent's bits. So a logit of -inf has a mass of 2.7e-38: code that divides by a
 * sum checks that the sum is far larger. Values are compared as the integers of their bits, which
 * takes one instruction where a float comparison that handles NaN takes five.
 *
 * <p>A lane's sum runs over {@value #RUN} values in float and over these sums with compensation (W.
 * Kahan: Further remarks on reducing truncation errors. CACM 8(1), 1965): equal values all round in
 * one direction, and 128 of them in one plain float sum can be 5e-6 off, but 16 of them 3.2e-7.
 */
interface Lanes {
  /** Lanes of a vector. */
  int WIDTH = 16;

  /** Values of a lane that are summed plainly. */
  int RUN = 16;

  /** Values that all lanes sum plainly; a tile's length is a multiple. */
  int BLOCK = RUN * WIDTH;

  /** Max values of a tile: 8 KiB, beside which the next tile's 8 KiB fit into 32 KiB. */
  int TILE = 2048;

  /** Groups of a tile: group g holds the values g, g + GROUPS, ...; it lies in lane g % WIDTH. */
  int GROUPS = 128;

  /** Larger y are replaced by this: exp(-y) is then a normal float, 2.7e-38. */
  float MAX = 86.5f;

  float LOG2_E = 0x1.715476p0f;
  float LN_2 = 0x1.62e43p-1f;

  /** 1.5 2^23: a sum with it has no digits behind the point, and n in its lowest bits. */
  float ROUND = 0x1.8p23f;

  float C1 = 0x1.fffff6p-1f;
  float C2 = 0x1.fffdc4p-2f;
  float C3 = 0x1.555a7ep-3f;
  float C4 = 0x1.573adap-5f;
  float C5 = 0x1.0fa16p-7f;

  /** A shift of {@link #masses} that makes every offset within a tile 0. */
  int STAY = 31;

  /**
   * Returns the largest value of the tile, and writes that of each group, and behind them of each
   * lane.
   *
   * @param n values of {@code tile} that count, a multiple of {@link #BLOCK}
   * @param groups overwritten, {@code [GROUPS + WIDTH]}
   * @return the largest of all, or -inf; NaN or +inf if there is +inf or a NaN whose sign bit is
   *     clear. A NaN whose sign bit is set is not found here, but by {@link #masses}
   */
  float maxima(float[] tile, int n, float[] groups);

  /**
   * Sums exp(x - reference) and exp(x - reference) (reference - x) over the lanes. A NaN whose sign
   * bit is set makes the second sum NaN.
   *
   * @param reference finite; no value of {@code tile} is larger
   * @param ahead words of the rows: what is copied next is touched while this computes
   * @param from where in {@code ahead} the next tile begins
   * @param shift 0 if a word holds one logit, 1 if it holds two, {@link #STAY} to touch nothing but
   *     {@code from}
   */
  void masses(
      float[] tile, int n, float reference, FloatBuffer ahead, int from, int shift, Sums into);

  /**
   * Returns the maxima of bfloat16 values, the upper halves of float32 values, which are widened to
   * a tile in their order.
   *
   * @param values {@code [TILE]}; all of it counts: places without a logit are -inf
   * @param tile overwritten
   */
  float maxima(short[] values, float[] tile, float[] groups);

  /** The result of {@link #masses}, a value for each lane. */
  final class Sums {
    /** Sum of exp(-y). */
    final float[] mass = new float[WIDTH];

    /** Sum of exp(-y) y. */
    final float[] weighted = new float[WIDTH];

    /** Scratch: the plain sums, {@code [TILE / RUN]}. */
    final float[] massRuns = new float[TILE / RUN];

    final float[] weightedRuns = new float[TILE / RUN];

    /** Result of the touches; kept so that a compiler does not remove them. */
    int touched;
  }
}
