package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.Bfloat16Logits;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** {@link Lanes} in ordinary Java, for JVMs without the Vector API; bit for bit the same. */
final class PlainLanes implements Lanes {
  private static final int NONE = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);
  private static final int MAX_BITS = Float.floatToRawIntBits(MAX);

  private final int[] max = new int[GROUPS];
  private final int[] min = new int[GROUPS];

  @Override
  public float maxima(float[] tile, int n, float[] groups) {
    int[] max = this.max;
    int[] min = this.min;
    Arrays.fill(max, NONE);
    Arrays.fill(min, NONE);
    for (int i = 0; i < n; i += GROUPS) {
      for (int g = 0; g < GROUPS; g++) {
        int x = Float.floatToRawIntBits(tile[i + g]);
        max[g] = Math.max(max[g], x);
        min[g] = Math.min(min[g], x);
      }
    }
    for (int g = 0; g < GROUPS; g++) {
      groups[g] = larger(max[g], min[g]);
    }
    int all = NONE;
    int allLeast = NONE;
    for (int lane = 0; lane < WIDTH; lane++) {
      for (int g = lane + WIDTH; g < GROUPS; g += WIDTH) {
        max[lane] = Math.max(max[lane], max[g]);
        min[lane] = Math.min(min[lane], min[g]);
      }
      groups[GROUPS + lane] = larger(max[lane], min[lane]);
      all = Math.max(all, max[lane]);
      allLeast = Math.min(allLeast, min[lane]);
    }
    return larger(all, allLeast);
  }

  @Override
  public float maxima(short[] values, float[] tile, float[] groups) {
    for (int i = 0; i < TILE; i++) {
      tile[i] = Bfloat16Logits.wide(values[i]);
    }
    return maxima(tile, TILE, groups);
  }

  /**
   * Returns the larger float of the largest and the smallest bits: the largest bits are the largest
   * float, unless all are negative; then it is the smallest bits.
   */
  private static float larger(int max, int min) {
    return Float.intBitsToFloat(max < 0 ? min : max);
  }

  @Override
  public void masses(
      float[] tile, int n, float reference, FloatBuffer ahead, int from, int shift, Sums into) {
    float[] mass = into.massRuns;
    float[] weighted = into.weightedRuns;
    Arrays.fill(mass, 0);
    Arrays.fill(weighted, 0);
    for (int block = 0; block < n; block += BLOCK) {
      int at = block / RUN;
      for (int i = block; i < block + BLOCK; i += WIDTH) {
        for (int lane = 0; lane < WIDTH; lane++) {
          int bits = Float.floatToRawIntBits(reference - tile[i + lane]);
          float y = Float.intBitsToFloat(Math.min(bits, MAX_BITS));
          float e = exp(y);
          mass[at + lane] += e;
          weighted[at + lane] = Math.fma(e, y, weighted[at + lane]);
        }
      }
    }
    sum(mass, n / RUN, into.mass);
    sum(weighted, n / RUN, into.weighted);
  }

  /** Returns exp(-y) for y >= 0, as {@link #masses} computes it. */
  static float mass(float y) {
    return exp(Math.min(y, MAX));
  }

  /** Returns exp(-y). */
  private static float exp(float y) {
    float shifted = Math.fma(y, -LOG2_E, ROUND);
    float f = Math.fma(shifted - ROUND, LN_2, y);
    float p = Math.fma(f, -C5, C4);
    p = Math.fma(p, f, -C3);
    p = Math.fma(p, f, C2);
    p = Math.fma(p, f, -C1);
    p = Math.fma(p, f, 1);
    int scale = Float.floatToRawIntBits(shifted) << 23;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + scale);
  }

  private static void sum(float[] runs, int n, float[] into) {
    for (int lane = 0; lane < WIDTH; lane++) {
      float sum = 0;
      float excess = 0;
      for (int i = lane; i < n; i += WIDTH) {
        float value = runs[i] - excess;
        float next = sum + value;
        excess = (next - sum) - value;
        sum = next;
      }
      into[lane] = sum;
    }
  }

  @Override
  public String toString() {
    return "no lanes";
  }
}
