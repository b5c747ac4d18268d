package dev.stillhouse.bench;

import dev.stillhouse.pipeline.extract.Extractor;
import dev.stillhouse.pipeline.extract.RowStatistic;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.Selection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Direct memory full of logits, in blocks as a teacher lends them, with their readers. The logits
 * are normal with a deviation of 3, from a pool of a million: the same for every run. It is filled
 * again for each vocabulary and type, so that it takes a gigabyte.
 */
final class LogitBlocks {
  /** Bytes of a block; a buffer holds at most 2 GiB. */
  private static final int BLOCK = 1 << 24;

  private final List<ByteBuffer> memory = new ArrayList<>();
  private final float[] pool = new float[1 << 20];
  private final List<Logits> blocks = new ArrayList<>();
  private int vocabulary;
  private int count;
  private long bytes;

  /** Result of the work, so that no compiler removes it. */
  private final LongAdder seen = new LongAdder();

  /** Takes {@code megabytes}, 10^6 bytes each, in blocks that hold a row of {@code widest} ids. */
  LogitBlocks(int megabytes, int widest) {
    int block = Math.max(BLOCK, widest * Float.BYTES);
    for (long left = megabytes * 1_000_000L; left > 0; left -= block) {
      int size = (int) Math.max(Math.min(block, left), (long) widest * Float.BYTES);
      memory.add(ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN));
    }
    Random random = new Random(1);
    for (int i = 0; i < pool.length; i++) {
      pool[i] = (float) random.nextGaussian() * 3;
    }
  }

  /** Fills the memory with rows. */
  void fill(int vocabulary, LogitType type) {
    this.vocabulary = vocabulary;
    blocks.clear();
    count = 0;
    bytes = 0;
    for (ByteBuffer block : memory) {
      int rows = block.capacity() / type.bytes() / vocabulary;
      for (int i = 0; i < rows * vocabulary; i++) {
        float logit = pool[i % pool.length];
        if (type == LogitType.FLOAT32) {
          block.putFloat(i * Float.BYTES, logit);
        } else {
          block.putShort(i * Short.BYTES, (short) (Float.floatToRawIntBits(logit) >>> 16));
        }
      }
      ByteBuffer filled = block.slice(0, rows * vocabulary * type.bytes());
      LogitBuffer logits =
          type == LogitType.FLOAT32 ? LogitBuffer.float32(filled) : LogitBuffer.bfloat16(filled);
      blocks.add(new Logits(logits, 0, rows, vocabulary, () -> {}));
      count += rows;
      bytes += filled.capacity();
    }
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  /** Returns the filled memory; the remaining bytes of each buffer are to be read. */
  List<ByteBuffer> memory() {
    List<ByteBuffer> filled = new ArrayList<>();
    for (int b = 0; b < memory.size(); b++) {
      int length = blocks.get(b).rows().size() * blocks.get(b).rows().width();
      filled.add(memory.get(b).slice(0, length).order(ByteOrder.LITTLE_ENDIAN));
    }
    return filled;
  }

  /** Extracts the first {@code max} rows, with the blocks divided among threads. */
  void extract(Function<Selection, Extractor> made, Selection kept, int threads, int max) {
    Parallel.run(
        threads,
        thread -> {
          Extractor extractor = made.apply(kept);
          RowStatistic row = new RowStatistic(kept);
          int left = threads == 1 ? max : Integer.MAX_VALUE;
          for (int b = thread; b < blocks.size() && left > 0; b += threads) {
            Logits block = blocks.get(b);
            for (int i = 0; i < block.count() && left > 0; i++, left--) {
              extractor.extract(block.rows(), i * vocabulary, i % vocabulary, b, i, row);
            }
          }
          seen.add(row.ids[0]);
        });
  }
}
