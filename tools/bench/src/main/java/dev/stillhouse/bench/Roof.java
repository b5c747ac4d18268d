package dev.stillhouse.bench;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reads memory as fast as Java can and does nothing else: no kernel can be faster. Of two ways the
 * better is the roof; which one that is differs by machine, JDK and number of threads.
 */
final class Roof {
  /** Longs of 8 KiB: copies stay in the first-level cache. */
  private static final int TILE = 1024;

  private final List<ByteBuffer> memory;
  private final int threads;
  private final boolean copy;
  private final LongAdder seen = new LongAdder();

  private Roof(List<ByteBuffer> memory, int threads, boolean copy) {
    this.memory = memory;
    this.threads = threads;
    this.copy = copy;
  }

  /** Returns the better way to read {@code memory}, found by a trial. */
  static Roof of(List<ByteBuffer> memory, int threads) {
    Roof copy = new Roof(memory, threads, true);
    Roof sum = new Roof(memory, threads, false);
    Turns turns = Turns.of(3, copy::read, sum::read);
    return turns.ratio() > 1 ? copy : sum;
  }

  /** Reads all memory once. */
  void read() {
    Parallel.run(
        threads,
        thread -> {
          long[] tile = new long[TILE];
          long sum = 0;
          for (int b = thread; b < memory.size(); b += threads) {
            LongBuffer longs = memory.get(b).asLongBuffer();
            sum += copy ? copied(longs, tile) : summed(longs);
          }
          seen.add(sum);
        });
  }

  private static long copied(LongBuffer longs, long[] tile) {
    long sum = 0;
    for (int at = 0; at + TILE <= longs.limit(); at += TILE) {
      longs.get(at, tile);
      sum += tile[0];
    }
    return sum;
  }

  /** Returns the sum of all longs, in a loop that the second compiler vectorises. */
  private static long summed(LongBuffer longs) {
    long sum = 0;
    for (int i = 0; i < longs.limit(); i++) {
      sum += longs.get(i);
    }
    return sum;
  }
}
