package dev.stillhouse.storage.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches that are put together from others, or filled in place. */
class StatisticsBatchTest {
  private static final StatisticSpec UNION =
      StatisticSpec.parse("top-k:2+sample:4,temperature=2.0+normaliser-at:2.0,0.5");

  /** Every value is another, so that a column that is taken for another shows. */
  private static StatisticsBatch batch(int first, int rows) {
    TokenBatch tokens = TokenBatch.room(first, rows, 2);
    StatisticsBatch scalars = StatisticsBatch.nulls(UNION, tokens);
    int slots = tokens.slots();
    int[] offsets = new int[slots + 1];
    for (int i = 0; i < slots; i++) {
      tokens.tokens()[i] = 2 * first + i;
      tokens.segments()[i] = 100 + 2 * first + i;
      scalars.logTail()[i] = 1000 + 2 * first + i;
      scalars.entropy()[i] = 2000 + 2 * first + i;
      scalars.logNormaliser()[i] = 3000 + 2 * first + i;
      scalars.targetLogProb()[i] = 4000 + 2 * first + i;
      scalars.further()[0][i] = 5000 + 2 * first + i;
      scalars.further()[1][i] = 6000 + 2 * first + i;
      offsets[i + 1] = offsets[i] + (2 * first + i) % 3;
    }
    // One more than there are: what lies behind the entries is no part of a batch.
    int room = offsets[slots] + 1;
    Provenance provenance = Provenance.room(UNION, room);
    int[] ids = new int[room];
    float[] logProbs = new float[room];
    for (int e = 0; e < room; e++) {
      ids[e] = 10 * first + e;
      logProbs[e] = -0.5f - 10 * first - e;
      provenance.reasons()[e] = (byte) (1 + e % 2);
      provenance.counts()[e] = 20 * first + e;
      provenance.logProposals()[e] = -0.25f - 10 * first - e;
    }
    return scalars.withEntries(offsets, ids, logProbs, provenance);
  }

  @Test
  void rowsOfDifferentBatchesBecomeOneInTheirOrder() {
    List<StatisticsBatch> parts = List.of(batch(0, 1), batch(1, 3), batch(4, 1));
    StatisticsBatch all = StatisticsBatch.concat(parts);
    assertEquals(5, all.tokens().sequences());
    assertEquals(2, all.tokens().length());
    assertEquals(0, all.tokens().firstSequence());
    int slot = 0;
    for (StatisticsBatch part : parts) {
      for (int i = 0; i < part.tokens().slots(); i++, slot++) {
        assertEquals(part.tokens().tokens()[i], all.tokens().tokens()[slot]);
        assertEquals(part.tokens().segments()[i], all.tokens().segments()[slot]);
        assertEquals(part.logTail()[i], all.logTail()[slot]);
        assertEquals(part.entropy()[i], all.entropy()[slot]);
        assertEquals(part.logNormaliser()[i], all.logNormaliser()[slot]);
        assertEquals(part.targetLogProb()[i], all.targetLogProb()[slot]);
        assertEquals(part.further()[0][i], all.further()[0][slot]);
        assertEquals(part.further()[1][i], all.further()[1][slot]);
        int from = part.offsets()[i];
        int at = all.offsets()[slot];
        assertEquals(part.offsets()[i + 1] - from, all.offsets()[slot + 1] - at);
        for (int e = 0; e < part.offsets()[i + 1] - from; e++) {
          assertEquals(part.ids()[from + e], all.ids()[at + e]);
          assertEquals(part.logProbs()[from + e], all.logProbs()[at + e]);
          assertEquals(part.provenance().reasons()[from + e], all.provenance().reasons()[at + e]);
          assertEquals(part.provenance().counts()[from + e], all.provenance().counts()[at + e]);
          assertEquals(
              part.provenance().logProposals()[from + e], all.provenance().logProposals()[at + e]);
        }
      }
    }
    assertEquals(all.tokens().slots(), slot);
    assertEquals(all.entries(), all.ids().length);
  }

  @Test
  void nullsHaveTheColumnsOfTheirStatisticAndNothingElse() {
    TokenBatch tokens = TokenBatch.room(7, 2, 3);
    StatisticsBatch nulls = StatisticsBatch.nulls(UNION, tokens);
    assertSame(tokens, nulls.tokens());
    assertEquals(0, nulls.entries());
    assertEquals(2, nulls.further().length);
    for (float[] column :
        List.of(
            nulls.logTail(),
            nulls.entropy(),
            nulls.logNormaliser(),
            nulls.targetLogProb(),
            nulls.further()[0],
            nulls.further()[1])) {
      float[] expected = new float[6];
      Arrays.fill(expected, Float.NaN);
      assertArrayEquals(expected, column);
    }
  }

  @Test
  void noRowsHaveTheColumnsOfTheirStatistic() {
    StatisticsBatch empty = StatisticsBatch.empty(UNION, 16);
    assertEquals(0, empty.tokens().sequences());
    assertEquals(16, empty.tokens().length());
    assertEquals(2, empty.further().length);
    assertEquals(0, empty.entries());
    assertTrue(empty.provenance().reasons().length == 0);
  }
}
