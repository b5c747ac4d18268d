package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Against values that were worked out by hand. */
class FidelityTest {
  private static float log(double p) {
    return (float) Math.log(p);
  }

  /** A sequence of two positions: three entries, then padding. */
  private static StatisticsBatch batch(float tail, float... logProbs) {
    float[] none = {Float.NaN, Float.NaN};
    return new StatisticsBatch(
        new TokenBatch(0, 2, new int[] {5, 0}, new int[] {0, -1}),
        new int[] {0, logProbs.length, logProbs.length},
        Arrays.copyOf(new int[] {7, 3, 9}, logProbs.length),
        logProbs,
        new float[] {tail, Float.NaN},
        none,
        none,
        none);
  }

  private static Fidelity compare(StatisticsBatch wrote, StatisticsBatch stored) {
    Fidelity fidelity = new Fidelity();
    fidelity.accept(wrote, 0, stored, "made up");
    return fidelity;
  }

  @Test
  void divergenceIsOfTheKeptAndOneTail() {
    // Half, a quarter and an eighth, an eighth is left; stored as a quarter, a half, the same.
    StatisticsBatch wrote = batch(log(0.125), log(0.5), log(0.25), log(0.125));
    Fidelity found = compare(wrote, batch(log(0.125), log(0.25), log(0.5), log(0.125)));
    // 0.5 ln 2 - 0.25 ln 2
    assertEquals(0.1732868, found.meanDivergence(), 1e-6);
    assertEquals(0.6931472, found.largestError(), 1e-6);
    Fidelity none = compare(wrote, wrote);
    assertEquals(0, none.meanDivergence());
    assertEquals(0, none.largestError());
  }

  @Test
  void bothAreBroughtToSumOne() {
    // 0.5, 0.25 and 0.25 left against 0.25, 0.25 and 0.25 left, which is a third each:
    // 0.5 ln 1.5 + 2 x 0.25 ln 0.75
    StatisticsBatch wrote = batch(log(0.25), log(0.5), log(0.25));
    Fidelity found = compare(wrote, batch(log(0.25), log(0.25), log(0.25)));
    assertEquals(0.0588915, found.meanDivergence(), 1e-6);
  }

  @Test
  void whereNoTailIsKeptItIsWhatEntriesLeave() {
    // 0.5, 0.25 and 0.25 left against 0.25, 0.25 and so 0.5: 0.5 ln 2 - 0.25 ln 2
    StatisticsBatch wrote = batch(log(0.25), log(0.5), log(0.25));
    Fidelity found = compare(wrote, batch(Float.NaN, log(0.25), log(0.25)));
    assertEquals(0.1732868, found.meanDivergence(), 1e-6);
    // All is kept, yet 1e-7 is left: 1 x ln(1 + 1e-7).
    Fidelity all = compare(batch(Float.NEGATIVE_INFINITY, 0), batch(Float.NaN, 0));
    assertEquals(1e-7, all.meanDivergence(), 1e-9);
  }

  @Test
  void probabilityZeroIsNoError() {
    float none = Float.NEGATIVE_INFINITY;
    Fidelity found = compare(batch(none, 0, none), batch(none, -0.01f, none));
    assertEquals(0, found.meanDivergence(), 1e-12);
    assertEquals(0.01, found.largestError(), 1e-8);
    assertTrue(Double.isInfinite(compare(batch(none, 0), batch(none, none)).largestError()));
  }

  @Test
  void otherIdsAreNoMatterOfDegree() {
    StatisticsBatch wrote = batch(log(0.25), log(0.5), log(0.25));
    assertThrows(DataException.class, () -> compare(wrote, batch(log(0.25), log(0.75))));
    StatisticsBatch other = batch(log(0.25), log(0.5), log(0.25));
    other.ids()[1] = 4;
    assertThrows(DataException.class, () -> compare(wrote, other));
  }
}
