package dev.stillhouse.pipeline.teacher.synthetic;

import dev.stillhouse.storage.DataException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * The rows, {@code [rows][vocabulary]} in direct memory. Logit number n (of all rows one after
 * another) is D (a + b) / sqrt(2). There a and b are two of 65,536 fixed draws of the standard
 * normal distribution, chosen by the bits of a hash of (seed, n): again normal, of 2^32 values. The
 * hash is SplitMix64's (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA
 * 2014), so that a logit does not depend on those before; the draws are {@link
 * Random#nextGaussian}, whose algorithm is specified to the bit.
 */
final class SyntheticPool {
  /** Name of this arithmetic. */
  static final String ARITHMETIC = "synthetic-1";

  private static final Map<SyntheticSettings, WeakReference<SyntheticPool>> MADE = new HashMap<>();

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final ByteBuffer memory;
  private final int rowBytes;

  /** Returns the rows of these settings: those still in use in this JVM, or new ones. */
  static SyntheticPool of(SyntheticSettings settings) {
    synchronized (MADE) {
      WeakReference<SyntheticPool> made = MADE.get(settings);
      SyntheticPool pool = made == null ? null : made.get();
      if (pool == null) {
        pool = new SyntheticPool(settings);
        MADE.put(settings, new WeakReference<>(pool));
      }
      return pool;
    }
  }

  private SyntheticPool(SyntheticSettings settings) {
    rowBytes = settings.vocabulary() * Float.BYTES;
    memory = allocate((int) settings.bytes());
    float[] draws = draws(settings.deviation().doubleValue() * StrictMath.sqrt(0.5));
    float[] row = new float[settings.vocabulary()];
    FloatBuffer floats = memory.asFloatBuffer();
    long n = mix(settings.seed());
    for (int r = 0; r < settings.rows(); r++) {
      for (int i = 0; i < row.length; i++) {
        n += GOLDEN;
        long bits = mix(n);
        row[i] = draws[(int) (bits >>> 48)] + draws[(int) (bits >>> 32) & 0xFFFF];
      }
      floats.put(row);
    }
  }

  private static ByteBuffer allocate(int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (OutOfMemoryError e) { // Of direct memory, of which there is as much as of heap.
      throw new DataException(
          "synthetic: no room for "
              + bytes
              + " bytes of rows; ask for fewer (rows=R), or give java"
              + " more with STILLHOUSE_OPTS=-Xmx2g",
          e);
    }
  }

  private static float[] draws(double scale) {
    Random random = new Random(0);
    float[] draws = new float[1 << 16];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = (float) (random.nextGaussian() * scale);
    }
    return draws;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns a view of {@code count} rows from {@code row} on. */
  ByteBuffer rows(int row, int count) {
    return memory.slice(row * rowBytes, count * rowBytes);
  }
}
