package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.pages.RowEntries;
import dev.stillhouse.storage.parquet.PlainPage;

/**
 * The loops that take most of the time of decoding: from planes of a band into the arrays of a
 * batch. In a plane the entries of a position follow one another, and so do positions.
 */
final class PlaneLoops {
  private static final BytePairs PAIRS = BytePairs.best();

  private PlaneLoops() {}

  /** Decodes ids of sixteen bits. */
  static void ids(Band band, RowEntries at, PlainPage lows, PlainPage highs, int[] ids) {
    int l = lows.from();
    int h = highs.from();
    for (int t = 0; t < at.kept().length; t++) {
      int many = band.of(at.selected(t));
      PAIRS.ids(lows.array(), l, highs.array(), h, ids, at.start(t) + band.first(), many);
      int skip = band.of(at.kept()[t]);
      l += skip;
      h += skip;
    }
  }

  /** Adds the bits of ids above sixteen, which are packed. */
  static void tops(Band band, RowEntries at, PlainPage tops, int bits, int[] ids) {
    byte[] top = tops.array();
    long place = (long) tops.from() * Byte.SIZE;
    int mask = (1 << bits) - 1;
    for (int t = 0; t < at.kept().length; t++) {
      int many = band.of(at.selected(t));
      int out = at.start(t) + band.first();
      for (int i = 0; i < many; i++) {
        long bit = place + (long) i * bits;
        ids[out + i] |= (top[(int) (bit >>> 3)] >>> (bit & 7) & mask) << 16;
      }
      place += (long) band.of(at.kept()[t]) * bits;
    }
  }

  /** Decodes log-probs of sixteen bits. */
  static void logProbs(Band band, RowEntries at, PlainPage lows, PlainPage highs, float[] values) {
    int l = lows.from();
    int h = highs.from();
    for (int t = 0; t < at.kept().length; t++) {
      int many = band.of(at.selected(t));
      PAIRS.logProbs(lows.array(), l, highs.array(), h, values, at.start(t) + band.first(), many);
      int skip = band.of(at.kept()[t]);
      l += skip;
      h += skip;
    }
  }

  /** Decodes log-probs from the high byte alone. */
  static void coarse(Band band, RowEntries at, PlainPage highs, float[] values) {
    byte[] high = highs.array();
    int h = highs.from();
    for (int t = 0; t < at.kept().length; t++) {
      int many = band.of(at.selected(t));
      int out = at.start(t) + band.first();
      for (int i = 0; i < many; i++) {
        values[out + i] = LogProbCode.value(high[h + i] & 0xff, LogProbCode.MIDDLE);
      }
      h += band.of(at.kept()[t]);
    }
  }
}
