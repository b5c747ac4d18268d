package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bfloat16 rows have the bits of the float32 rows they widen to, in every kind of memory. */
class NarrowRowsTest {
  /** What lies around a row: it must have no part, nor be touched by the wrong half of a word. */
  private static final float HUGE = 0x1.8p127f;

  @ParameterizedTest
  @EnumSource(Rows.Kind.class)
  void theBitsAreThoseOfFloat32(Rows.Kind kind) {
    Random random = new Random(kind.name().hashCode());
    for (int length : new int[] {1, 2, 255, 256, 300, 2047, 2048, 2049, 9001}) {
      for (float offset : new float[] {0, -1e30f}) {
        float[] row = narrowed(Rows.row(kind, length, random, offset, length == 300 ? 0.5 : 0));
        int k = 1 + random.nextInt(Math.min(length, 200));
        check(row, k, random.nextInt(length), 1 + random.nextInt(40));
      }
    }
  }

  @Test
  void errorsNameTheSameId() {
    float[] row = narrowed(Rows.row(Rows.Kind.RANDOM, 5000, new Random(1), 0, 0));
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      row[2300] = bad;
      for (LogitBuffer rows : buffers(row, 7)) {
        for (Supplier<Extractor> extractor : extractors(row.length, 3)) {
          DataException e =
              assertThrows(
                  DataException.class,
                  () -> extractor.get().extract(rows, 7, 0, new RowStatistic(3)));
          assertEquals(0, String.valueOf(e.getMessage()).indexOf("the logit of id 2300 is " + bad));
        }
      }
    }
  }

  private static void check(float[] row, int k, int target, int before) {
    List<RowStatistic> all = new ArrayList<>();
    for (Supplier<Extractor> extractor : extractors(row.length, k)) {
      for (LogitBuffer rows : buffers(row, before)) {
        RowStatistic one = new RowStatistic(k);
        extractor.get().extract(rows, before, target, one);
        all.add(one);
      }
    }
    int buffers = all.size() / 3;
    for (int i = 0; i < all.size(); i++) {
      // The definition's arithmetic is its own; the twins have one.
      FusedExtractorTest.assertSame(all.get(i < buffers ? 0 : buffers), all.get(i));
    }
  }

  private static List<Supplier<Extractor>> extractors(int vocabulary, int k) {
    return List.of(
        () -> new PlainExtractor(vocabulary, k),
        () -> Extractors.plainTwin(vocabulary, k),
        () -> Extractors.create(vocabulary, k));
  }

  /** The same logits in every kind of memory, {@code before} others before them. */
  private static List<LogitBuffer> buffers(float[] row, int before) {
    float[] wide = new float[before + row.length + 3000];
    Arrays.fill(wide, HUGE);
    System.arraycopy(row, 0, wide, before, row.length);
    short[] narrow = new short[wide.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (short) (Float.floatToRawIntBits(wide[i]) >>> 16);
    }
    List<LogitBuffer> buffers = new ArrayList<>();
    buffers.add(LogitBuffer.float32(wide));
    buffers.add(LogitBuffer.bfloat16(narrow));
    for (boolean direct : new boolean[] {false, true}) {
      ByteBuffer four = memory(4 * wide.length, direct);
      four.asFloatBuffer().put(wide);
      buffers.add(LogitBuffer.float32(four));
      ByteBuffer two = memory(2 * wide.length, direct);
      two.asShortBuffer().put(narrow);
      buffers.add(LogitBuffer.bfloat16(two));
      // Nothing behind the row: there is nothing to touch ahead.
      buffers.add(LogitBuffer.bfloat16(two.duplicate().limit(2 * (before + row.length))));
    }
    return buffers;
  }

  private static ByteBuffer memory(int bytes, boolean direct) {
    ByteBuffer memory = direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    return memory.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float[] narrowed(float[] row) {
    float[] narrow = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      narrow[i] = Float.intBitsToFloat(Float.floatToRawIntBits(row[i]) & 0xFFFF0000);
    }
    return narrow;
  }
}
