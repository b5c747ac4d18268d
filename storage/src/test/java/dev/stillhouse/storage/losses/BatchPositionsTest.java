package dev.stillhouse.storage.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import org.junit.jupiter.api.Test;

class BatchPositionsTest {
  private static final float HALF = (float) Math.log(0.5);
  private static final float QUARTER = (float) Math.log(0.25);
  private static final String UNION = "top-k:1+sample:9,temperature=2.0+normaliser-at:2.0,4.0";

  private static final Provenance DRAWN =
      new Provenance(new byte[] {3, 3, 2}, new int[] {9, 8, 1}, new float[] {-1, -2, -3});

  /** A sequence of three slots, the last one padding: one entry, two entries, none. */
  private static StatisticsBatch batch(Provenance provenance) {
    return new StatisticsBatch(
        new TokenBatch(0, 3, new int[] {5, 6, 0}, new int[] {0, 0, -1}),
        new int[] {0, 1, 3, 3},
        new int[] {7, 2, 4},
        new float[] {HALF, HALF, QUARTER},
        provenance,
        new float[] {HALF, QUARTER, Float.NaN},
        new float[] {1, 2, Float.NaN},
        new float[] {10, 11, Float.NaN},
        new float[] {HALF, Float.NaN, Float.NaN},
        new float[][] {{20, 21, Float.NaN}, {40, 41, Float.NaN}});
  }

  private static BatchPositions positions(String spec, Provenance provenance) {
    return new BatchPositions(batch(provenance), StatisticSpec.parse(spec));
  }

  @Test
  void aSlotIsCutOut() {
    BatchPositions positions = positions(UNION, DRAWN);
    PositionStatistic second = positions.at(1);
    assertArrayEquals(new int[] {2, 4}, second.ids());
    assertArrayEquals(new double[] {HALF, QUARTER}, second.logProbs());
    assertArrayEquals(new byte[] {3, 2}, second.reasons());
    assertArrayEquals(new int[] {8, 1}, second.counts());
    assertArrayEquals(new double[] {-2, -3}, second.logProposals());
    assertEquals(9, second.draws());
    assertEquals(QUARTER, second.logTail());
    assertEquals(11, second.logNormaliser());
    assertEquals(41, positions.normaliserAt(1, 4));
    assertArrayEquals(new int[] {7}, positions.at(0).ids());
  }

  /** Where there is no column all entries have the statistic's only reason. */
  @Test
  void oneReasonNeedsNoColumn() {
    assertArrayEquals(new byte[] {1, 1}, positions("top-k:2", Provenance.NONE).at(1).reasons());
    Provenance counts = new Provenance(new byte[0], new int[] {9, 8, 1}, new float[0]);
    PositionStatistic drawn = positions("sample:9", counts).at(1);
    assertArrayEquals(new byte[] {2, 2}, drawn.reasons());
    double[] z = {0, 1, 2, 3, 4};
    assertArrayEquals(
        SampledEstimate.of(drawn, z).gradient(), UnionEstimate.of(drawn, z).gradient());
  }

  @Test
  void whatIsMissingIsNamed() {
    message(
        "with its provenance", () -> positions(UNION, Provenance.NONE).at(0), UsageException.class);
    message("skip it", () -> positions("top-k:2", Provenance.NONE).at(2), UsageException.class);
    message(
        "normaliser-at:3.0", () -> positions(UNION, DRAWN).normaliserAt(0, 3), DataException.class);
    StatisticsBatch whole = batch(Provenance.NONE);
    StatisticsBatch cut =
        new StatisticsBatch(
            whole.tokens(),
            new int[] {0, 1, 2, 2},
            whole.ids(),
            whole.logProbs(),
            whole.logTail(),
            whole.entropy(),
            whole.logNormaliser(),
            whole.targetLogProb());
    message(
        "slot 1: its 1 entries and its tail weigh 0.7",
        () -> new BatchPositions(cut, StatisticSpec.ofTopK(2)).at(1),
        DataException.class);
  }

  private static void message(String part, Runnable call, Class<? extends RuntimeException> error) {
    String message = String.valueOf(assertThrows(error, call::run).getMessage());
    assertTrue(message.contains(part), message);
  }
}
