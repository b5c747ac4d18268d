package dev.stillhouse.pipeline.extract;

import java.util.Arrays;

/**
 * Collects the logits of a row that may be among its k best: all above a rising bar. A tile is
 * searched only in groups whose maximum is above the bar, so that nearly every logit is never
 * compared by itself. The bar is a logit such that k others, found before, are at least as good.
 * When a tile has k groups above the bar, the new bar is just below the k-th best of their maxima.
 *
 * <p>Which logits are taken depends on the row alone, and decides in which sum a mass lies: this is
 * part of the arithmetic.
 */
final class Contenders {
  private static final int SLACK = 64;

  private final int k;

  /** Logit and id as one number, smaller for the better: it halves the time of a comparison. */
  private final long[] keys;

  private final long[] groupKeys = new long[Lanes.GROUPS];

  /** Groups that are searched. */
  private final int[] above = new int[Lanes.GROUPS];

  private int size;

  /** Dropped contenders that lie behind the kept ones; they begin at {@link #size}. */
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

  /** Returns the logit and id of a kept contender as one number, smaller for the better. */
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
   * Takes the logits above the bar out of a tile, leaving -inf.
   *
   * @param tile all of it counts: places without a logit are -inf
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

  /** Finds the groups whose maximum is above the bar, first by the lanes' maxima. */
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
   * Returns which of {@code count} values at {@code from, from + step, ...} may be above {@code
   * bar}, as bits. It uses the sign of a difference, because a branch for each would be
   * mispredicted, at the cost of ten values. Zeros of two signs and two infinities are included,
   * too.
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

  /** Returns whether there are enough contenders for {@link #drop}. */
  boolean crowded() {
    return size > k + SLACK;
  }

  /** Keeps the k best; {@link #nextDropped} gives the others. */
  void drop() {
    if (size > k) {
      Quickselect.smallest(keys, size, k);
      dropped = size - k;
      size = k;
      bar = Math.max(bar, logit(keys[k - 1])); // What comes has higher ids and loses a tie.
    }
  }

  /** Returns the number of dropped contenders that {@link #nextDropped} has not given yet. */
  int dropped() {
    return dropped;
  }

  /** Returns the id of a dropped contender. */
  int droppedId(int j) {
    return (int) keys[size + j];
  }

  /** Returns the logit of a dropped contender. */
  float droppedLogit(int j) {
    return logit(keys[size + j]);
  }

  /** Writes dropped logits to {@code into}, up to its length, and removes them. */
  int nextDropped(float[] into) {
    int n = Math.min(dropped, into.length);
    for (int j = 0; j < n; j++) {
      into[j] = logit(keys[size + --dropped]);
    }
    return n;
  }

  /** Sorts the kept contenders, best first. */
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

  /** Returns the bits of a float as an integer of the same order, or the reverse. */
  private static int ordered(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }
}
