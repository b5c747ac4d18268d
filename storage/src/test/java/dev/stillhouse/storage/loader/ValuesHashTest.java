package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValuesHashTest {
  /** Every bit of some values, swapped neighbours: none leaves the hash as it was. */
  @Test
  void everyValueCounts() {
    StatisticsBatch batch = batch();
    Set<Long> seen = new HashSet<>();
    seen.add(ValuesHash.of(batch));
    assertEquals(ValuesHash.of(batch), ValuesHash.of(batch()));
    for (int i = 0; i < 2000; i++) {
      int bit = 1 << (i % 32);
      int e = i * 5 % batch.entries();
      batch.ids()[e] ^= bit;
      assertTrue(seen.add(ValuesHash.of(batch)), "bit " + bit + " of id " + e);
      batch.ids()[e] ^= bit;
      flip(batch.logProbs(), e, bit);
      assertTrue(seen.add(ValuesHash.of(batch)), "bit " + bit + " of log-prob " + e);
      flip(batch.logProbs(), e, bit);
      flip(batch.entropy(), i, bit);
      assertTrue(seen.add(ValuesHash.of(batch)), "bit " + bit + " of entropy " + i);
      flip(batch.entropy(), i, bit);
    }
    assertEquals(ValuesHash.of(batch), ValuesHash.of(batch()), "all was put back");
    int first = batch.ids()[0];
    batch.ids()[0] = batch.ids()[1];
    batch.ids()[1] = first;
    assertTrue(seen.add(ValuesHash.of(batch)), "order counts");
  }

  private static void flip(float[] values, int at, int bit) {
    values[at] = Float.intBitsToFloat(Float.floatToRawIntBits(values[at]) ^ bit);
  }

  private static StatisticsBatch batch() {
    TokenBatch tokens = SampleBatches.tokens(new Random(1), 0, 8, 300, 1000);
    return SampleBatches.statistics(new Random(2), tokens, 5, 1000);
  }
}
