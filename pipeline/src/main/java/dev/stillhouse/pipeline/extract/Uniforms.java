package dev.stillhouse.pipeline.extract;

import java.util.Arrays;

/**
 * The random numbers of a position's draws, a function of (seed, dataset-wide sequence number,
 * position) alone. Numbers 2b and 2b + 1 are the halves of {@link Philox} at counter (b, position,
 * low and high word of the sequence) under the seed's two words, each of 53 bits in [0, 1).
 */
final class Uniforms {
  private final long seed;
  private final double[] values;
  private final int[] words = new int[4];

  Uniforms(long seed, int draws) {
    this.seed = seed;
    this.values = new double[draws];
  }

  /** Returns the numbers of a position, ascending; overwritten by the next call. */
  double[] ascending(long sequence, int position) {
    for (int n = 0; n < values.length; n++) {
      if (n % 2 == 0) {
        words[0] = n / 2;
        words[1] = position;
        words[2] = (int) sequence;
        words[3] = (int) (sequence >>> 32);
        Philox.apply((int) seed, (int) (seed >>> 32), words);
      }
      int at = n % 2 * 2;
      long bits = (long) words[at] << 32 | (words[at + 1] & 0xFFFFFFFFL);
      values[n] = (bits >>> 11) * 0x1p-53;
    }
    Arrays.sort(values);
    return values;
  }
}
