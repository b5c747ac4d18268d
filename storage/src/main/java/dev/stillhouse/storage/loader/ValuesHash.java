package dev.stillhouse.storage.loader;

import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A 64-bit hash of all values of a batch, so that two runs can be compared. It is the sum, over
 * blocks of {@value #BLOCK} bytes, of products of pairs of 32-bit values, with a random key added
 * to each (NH of UMAC: Black, Halevi, Krawczyk, Krovetz and Rogaway, <i>UMAC: fast and secure
 * message authentication</i>, 1999), with the blocks mixed in order. It detects accidents, not
 * adversaries.
 *
 * <p>SHA-256 over the same values took as long as decoding them. Values go through bytes, since a
 * bulk copy is fast and moving a single float into an integer register is not (0.9 ns each).
 */
final class ValuesHash {
  private static final int BLOCK = 16_384;
  private static final long MASK = 0xFFFFFFFFL;
  private static final long[] LOW = new long[BLOCK / 8];
  private static final long[] HIGH = new long[BLOCK / 8];

  static {
    SplittableRandom random = new SplittableRandom(0x5711_1540_05E5L);
    for (int i = 0; i < LOW.length; i++) {
      LOW[i] = random.nextInt() & MASK;
      HIGH[i] = random.nextInt() & MASK;
    }
  }

  private final byte[] block = new byte[BLOCK];
  private final ByteBuffer bytes = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
  private final IntBuffer ints = bytes.asIntBuffer();
  private final FloatBuffer floats = bytes.asFloatBuffer();
  private final LongBuffer longs = bytes.asLongBuffer();
  private final long[] pairs = new long[BLOCK / 8];
  private long hash = LOW[0];

  private ValuesHash() {}

  /** Returns the hash of all columns. */
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
    for (float[] scalars : batch.further()) {
      all.floats(scalars, slots);
    }
    all.ints(provenance.counts(), Math.min(provenance.counts().length, entries));
    all.floats(provenance.logProposals(), Math.min(provenance.logProposals().length, entries));
    all.bytes(provenance.reasons(), Math.min(provenance.reasons().length, entries));
    return all.hash;
  }

  private void ints(int[] values, int count) {
    for (int from = 0; from < count; from += BLOCK / 4) {
      int n = Math.min(BLOCK / 4, count - from);
      ints.put(0, values, from, n);
      block(4 * n);
    }
    mix(count);
  }

  private void floats(float[] values, int count) {
    for (int from = 0; from < count; from += BLOCK / 4) {
      int n = Math.min(BLOCK / 4, count - from);
      floats.put(0, values, from, n);
      block(4 * n);
    }
    mix(count);
  }

  private void bytes(byte[] values, int count) {
    for (int from = 0; from < count; from += BLOCK) {
      int n = Math.min(BLOCK, count - from);
      bytes.put(0, values, from, n);
      block(n);
    }
    mix(count);
  }

  /** Hashes the first bytes of the block. The rest of the last eight of them is set to 0. */
  private void block(int length) {
    int end = (length + 7) & -8;
    Arrays.fill(block, length, end, (byte) 0);
    int n = end / 8;
    longs.get(0, pairs, 0, n);
    long sum = 0;
    for (int i = 0; i < n; i++) { // Arrays of one kind and no calls: compilers make vectors of it.
      sum += ((pairs[i] + LOW[i]) & MASK) * (((pairs[i] >>> 32) + HIGH[i]) & MASK);
    }
    mix(sum);
  }

  /** Mixes a value in by a step that is one to one in the state before and in the value. */
  private void mix(long value) {
    long x = (hash ^ value) * 0x9E3779B97F4A7C15L;
    x = (x ^ x >>> 32) * 0xD6E8FEB86659FD93L;
    hash = x ^ x >>> 29;
  }
}
