package dev.stillhouse.storage.loader;

import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.SplittableRandom;

/**
 * A 64-bit hash of all values of a batch, so that two runs can be seen to have had the same. Sums
 * of products with random keys (multilinear hashing: Lemire and Kaser, <i>Strongly universal string
 * hashing is fast</i>, 2014) over blocks of {@value #BLOCK} values, the blocks mixed in order. It
 * finds out accidents, not adversaries.
 *
 * <p>SHA-256 over the same values took as long as decoding them.
 */
final class ValuesHash {
  private static final int BLOCK = 4096;
  private static final long[] KEYS = new SplittableRandom(0x5711_1540_05E5L).longs(BLOCK).toArray();

  private long hash = KEYS[0];

  private ValuesHash() {}

  /** Hash of all columns. */
  static long of(StatisticsBatch batch) {
    ValuesHash all = new ValuesHash();
    int slots = batch.tokens().slots();
    int entries = batch.entries();
    Provenance provenance = batch.provenance();
    all.ints(batch.tokens().tokens(), slots);
    all.ints(batch.tokens().segments(), slots);
    all.ints(batch.offsets(), slots + 1);
    all.ints(batch.ids(), entries);
    all.floats(batch.logProbs(), entries);
    all.floats(batch.logTail(), slots);
    all.floats(batch.entropy(), slots);
    all.floats(batch.logNormaliser(), slots);
    all.floats(batch.targetLogProb(), slots);
    for (float[] normalisers : batch.normalisersAt()) {
      all.floats(normalisers, slots);
    }
    all.ints(provenance.counts(), Math.min(provenance.counts().length, entries));
    all.floats(provenance.logProposals(), Math.min(provenance.logProposals().length, entries));
    all.bytes(provenance.reasons(), Math.min(provenance.reasons().length, entries));
    return all.hash;
  }

  private void ints(int[] values, int count) {
    for (int from = 0; from < count; from += BLOCK) {
      int n = Math.min(BLOCK, count - from);
      long sum = 0;
      for (int i = 0; i < n; i++) {
        sum += KEYS[i] * (values[from + i] & 0xFFFFFFFFL);
      }
      mix(sum);
    }
    mix(count);
  }

  private void floats(float[] values, int count) {
    for (int from = 0; from < count; from += BLOCK) {
      int n = Math.min(BLOCK, count - from);
      long sum = 0;
      for (int i = 0; i < n; i++) {
        sum += KEYS[i] * (Float.floatToRawIntBits(values[from + i]) & 0xFFFFFFFFL);
      }
      mix(sum);
    }
    mix(count);
  }

  private void bytes(byte[] values, int count) {
    for (int from = 0; from < count; from += BLOCK) {
      int n = Math.min(BLOCK, count - from);
      long sum = 0;
      for (int i = 0; i < n; i++) {
        sum += KEYS[i] * (values[from + i] & 0xFFL);
      }
      mix(sum);
    }
    mix(count);
  }

  /** A step that is one to one in what came before and in what is added. */
  private void mix(long value) {
    long x = (hash ^ value) * 0x9E3779B97F4A7C15L;
    x = (x ^ x >>> 32) * 0xD6E8FEB86659FD93L;
    hash = x ^ x >>> 29;
  }
}
