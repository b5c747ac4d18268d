package dev.stillhouse.tools.bench;

import dev.stillhouse.pipeline.extract.Extractor;
import dev.stillhouse.pipeline.extract.RowStatistic;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Logits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Rows of random logits in direct memory, lent in blocks as a teacher lends them, and what reads
 * them. Normal with a deviation of 3, out of a pool of a million: the same for every run.
 */
final class LogitRows {
  /** Bytes of a block; a buffer holds 2 GiB at most. */
  private static final int BLOCK = 1 << 24;

  private static final int TILE = 2048;

  private final int vocabulary;
  private final List<Logits> blocks = new ArrayList<>();
  private int count;

  /** So that no compiler leaves the work out. */
  private final LongAdder seen = new LongAdder();

  LogitRows(int vocabulary, int megabytes) {
    this.vocabulary = vocabulary;
    Random random = new Random(1);
    float[] pool = new float[1 << 20];
    for (int i = 0; i < pool.length; i++) {
      pool[i] = (float) random.nextGaussian() * 3;
    }
    int left = (int) (megabytes * 1_000_000L / Float.BYTES / vocabulary);
    while (left > 0) {
      int rows = Math.min(left, Math.max(1, BLOCK / Float.BYTES / vocabulary));
      ByteBuffer memory =
          ByteBuffer.allocateDirect(rows * vocabulary * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      FloatBuffer floats = memory.asFloatBuffer();
      while (floats.hasRemaining()) {
        floats.put(pool, 0, Math.min(pool.length, floats.remaining()));
      }
      blocks.add(new Logits(memory, 0, rows, vocabulary, () -> {}));
      left -= rows;
      count += rows;
    }
  }

  int vocabulary() {
    return vocabulary;
  }

  int count() {
    return count;
  }

  double bytes() {
    return (double) count * vocabulary * Float.BYTES;
  }

  /** Reads everything as cheaply as may be: the roof. */
  void sum(int threads) {
    Parallel.run(
        threads,
        thread -> {
          float[] tile = new float[TILE];
          long sum = 0;
          for (int b = thread; b < blocks.size(); b += threads) {
            sum += sum(blocks.get(b).rows(), tile);
          }
          seen.add(sum);
        });
  }

  /** By a copy to the first-level cache, the fastest read there is in Java: it is C's memcpy. */
  private static long sum(LogitBuffer rows, float[] tile) {
    long sum = 0;
    for (int at = 0; at + tile.length <= rows.size(); at += tile.length) {
      rows.get(at, tile, tile.length);
      sum += (long) tile[0];
    }
    return sum;
  }

  /** Extracts the first {@code most} rows, blocks shared out among threads. */
  void extract(Supplier<Extractor> made, int k, int threads, int most) {
    Parallel.run(
        threads,
        thread -> {
          Extractor extractor = made.get();
          RowStatistic row = new RowStatistic(k);
          int left = threads == 1 ? most : Integer.MAX_VALUE;
          for (int b = thread; b < blocks.size() && left > 0; b += threads) {
            Logits block = blocks.get(b);
            for (int i = 0; i < block.count() && left > 0; i++, left--) {
              extractor.extract(block.rows(), i * vocabulary, i % vocabulary, row);
            }
          }
          seen.add(row.ids[0]);
        });
  }
}
