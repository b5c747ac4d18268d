package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.Float16;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MegatronRecordTest {
  @Property(tries = 200)
  void packsIdsExactlyAndLogProbsToFloat16(
      @ForAll @IntRange(min = 1, max = 40) int length, @ForAll long seed) {
    Random random = new Random(seed);
    int[] offsets = new int[length + 1];
    for (int i = 0; i < length; i++) {
      offsets[i + 1] = offsets[i] + random.nextInt(20);
    }
    int n = offsets[length];
    int[] ids = random.ints(n, 0, MegatronRecord.VOCABULARY).toArray();
    float[] logProbs = new float[n];
    for (int i = 0; i < n; i++) {
      logProbs[i] = -30 * random.nextFloat();
    }
    ByteBuffer record =
        MegatronRecord.inflate(
            MegatronRecord.pack(batch(length, offsets, ids, logProbs), 0, length));
    assertEquals(n, MegatronRecord.entries(record, length));
    int[] foundOffsets = new int[length + 1];
    int[] foundIds = new int[n];
    float[] found = new float[n];
    MegatronRecord.unpack(record, length, foundOffsets, 0, foundIds, found);
    assertArrayEquals(offsets, foundOffsets);
    assertArrayEquals(ids, foundIds);
    for (int i = 0; i < n; i++) {
      double bound = Math.max(-logProbs[i] * 0x1p-11, 0x1p-25);
      assertEquals(logProbs[i], found[i], bound);
    }
  }

  @Test
  void halvesAreTheNearest() {
    assertEquals((short) 0xC000, Float16.narrow(-2));
    assertEquals((short) 0x8000, Float16.narrow(-0f));
    assertEquals((short) 0xFC00, Float16.narrow(Float.NEGATIVE_INFINITY));
    assertEquals((short) 0xFC00, Float16.narrow(-65_520));
    assertEquals((short) 0xFBFF, Float16.narrow(-65_519));
    assertEquals((short) 0x8001, Float16.narrow(-0x1p-24f));
    assertEquals((short) 0x8400, Float16.narrow(-0x1p-14f));
    assertEquals((short) 0x3C00, Float16.narrow(1 + 0x1p-11f)); // a tie, to even
    assertEquals((short) 0x3C02, Float16.narrow(1 + 3 * 0x1p-11f));
    assertEquals((short) 0x7E00, Float16.narrow(Float.NaN));
  }

  @Test
  void idsOfMoreThanSeventeenBitsAreRefused() {
    StatisticsBatch batch = batch(1, new int[] {0, 1}, new int[] {131_072}, new float[1]);
    assertThrows(DataException.class, () -> MegatronRecord.pack(batch, 0, 1));
  }

  private static StatisticsBatch batch(int length, int[] offsets, int[] ids, float[] logProbs) {
    float[] none = new float[length];
    TokenBatch tokens = new TokenBatch(0, length, new int[length], new int[length]);
    return new StatisticsBatch(tokens, offsets, ids, logProbs, none, none, none, none);
  }
}
