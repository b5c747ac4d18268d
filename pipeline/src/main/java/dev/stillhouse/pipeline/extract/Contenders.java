package dev.stillhouse.pipeline.extract;

import java.util.Arrays;

/**
 * The logits of a row that may be among its k best: all above a bar that rises. A tile is searched
 * only in groups whose maximum is above the bar, so that nearly every logit is never looked at by
 * itself. The bar is a logit that k others, met before, are not worse than; when a tile has k
 * groups above the bar, just below the k-th best of their maxima is one at once.
 *
 * <p>Who is taken depends on the row alone, and who is taken decides in which sum a mass lies: this
 * is part of the arithmetic.
 */
final class Contenders {
  private static final int SLACK = 64;

  private final int k;

  /**
   * Logit and id as one number that is smaller for the better: half the time of a comparison of
   * two.
   */
  private final long[] keys;

  private final long[] groupKeys = new long[Lanes.GROUPS];

  /** Groups that are searched. */
  private final int[] above = new int[Lanes.GROUPS];

  private int size;

  /** Dropped ones that lie behind the kept; they begin at {@link #size}. */
  private int dropped;

  private float bar;

  Contenders(int k) {
    this.k = k;
    keys = new long[k + SLACK + Lanes.TILE];
  }

  void clear() {
    size = 0;
    dropped = 0;
    bar = Float.NEGATIVE_INFINITY;
  }

  int size() {
    return size;
  }

  /** Logit and id of one that is kept as one number, less for the better. */
  long key(int rank) {
    return keys[rank];
  }

  int id(int rank) {
    return (int) keys[rank];
  }

  float logit(int rank) {
    return logit(keys[rank]);
  }

  /**
   * Takes what is above the bar out of a tile, leaving -inf.
   *
   * @param tile all of it counts: what is no logit is -inf
   * @param firstId id of the tile's first logit
   * @param groups the maxima of its groups
   */
  void take(float[] tile, int firstId, float[] groups) {
    int count = above(groups);
    if (count >= k) {
      raise(groups);
      count = above(groups);
    }
    float bar = this.bar;
    int size = this.size;
    for (int j = 0; j < count; j++) {
      int hits = above(tile, above[j], Lanes.GROUPS, Lanes.TILE / Lanes.GROUPS, bar);
      for (; hits != 0; hits &= hits - 1) {
        int i = above[j] + Integer.numberOfTrailingZeros(hits) * Lanes.GROUPS;
        if (tile[i] > bar) {
          keys[size++] = key(tile[i], firstId + i);
          tile[i] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    this.size = size;
  }

  /** Finds the groups whose maximum is above the bar, first asking the lanes'. */
  private int above(float[] groups) {
    float bar = this.bar;
    int count = 0;
    int lanes = above(groups, Lanes.GROUPS, 1, Lanes.WIDTH, bar);
    for (; lanes != 0; lanes &= lanes - 1) {
      int lane = Integer.numberOfTrailingZeros(lanes);
      int hits = above(groups, lane, Lanes.WIDTH, Lanes.GROUPS / Lanes.WIDTH, bar);
      for (; hits != 0; hits &= hits - 1) {
        above[count++] = lane + Integer.numberOfTrailingZeros(hits) * Lanes.WIDTH;
      }
    }
    return count;
  }

  /**
   * Which of {@code count} values at {@code from, from + step, ...} may be above {@code bar}, as
   * bits. By the sign of a difference: a branch for each would be mispredicted, at the cost of ten
   * values. Zeros of two signs and two infinities are among them, too.
   */
  private static int above(float[] values, int from, int step, int count, float bar) {
    int hits = 0;
    for (int j = 0; j < count; j += 4) {
      int i = from + j * step;
      int four =
          (Float.floatToRawIntBits(bar - values[i]) >>> 31)
              | (Float.floatToRawIntBits(bar - values[i + step]) >>> 31) << 1
              | (Float.floatToRawIntBits(bar - values[i + 2 * step]) >>> 31) << 2
              | (Float.floatToRawIntBits(bar - values[i + 3 * step]) >>> 31) << 3;
      hits |= four << j;
    }
    return hits;
  }

  private void raise(float[] groups) {
    for (int g = 0; g < Lanes.GROUPS; g++) {
      groupKeys[g] = key(groups[g], g);
    }
    Quickselect.smallest(groupKeys, Lanes.GROUPS, k);
    // Above it is what equals that maximum, too.
    bar = Math.max(bar, Math.nextDown(logit(groupKeys[k - 1])));
  }

  /** Whether there are so many that {@link #drop} is due. */
  boolean crowded() {
    return size > k + SLACK;
  }

  /** Keeps the k best; the others wait for {@link #nextDropped}. */
  void drop() {
    if (size > k) {
      Quickselect.smallest(keys, size, k);
      dropped = size - k;
      size = k;
      bar = Math.max(bar, logit(keys[k - 1])); // What comes has higher ids and loses a tie.
    }
  }

  /** How many were dropped and not yet asked for by {@link #nextDropped}. */
  int dropped() {
    return dropped;
  }

  /** Id of one of the dropped. */
  int droppedId(int j) {
    return (int) keys[size + j];
  }

  /** Logit of one of the dropped. */
  float droppedLogit(int j) {
    return logit(keys[size + j]);
  }

  /** Writes dropped logits to {@code into}, as many as there is room for, and forgets them. */
  int nextDropped(float[] into) {
    int n = Math.min(dropped, into.length);
    for (int j = 0; j < n; j++) {
      into[j] = logit(keys[size + --dropped]);
    }
    return n;
  }

  /** Orders what was kept, best first. */
  void sort() {
    Arrays.sort(keys, 0, size);
  }

  static long key(float logit, int id) {
    int bits = Float.floatToRawIntBits(logit + 0f); // -0.0 becomes 0.0
    return (long) ~ordered(bits) << 32 | id;
  }

  static float logit(long key) {
    return Float.intBitsToFloat(ordered(~(int) (key >> 32)));
  }

  /** Bits of a float to an integer of the same order, and back. */
  private static int ordered(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }
}
