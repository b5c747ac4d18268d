package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PlainExtractorTest {
  private static final float INF = Float.POSITIVE_INFINITY;

  @Property(tries = 500)
  void agreesWithTheTextbook(@ForAll("rows") float[] row, @ForAll Random random) {
    int k = 1 + random.nextInt(row.length);
    int target = random.nextInt(row.length);
    NaiveStatistic expected = new NaiveStatistic(row, k);
    RowStatistic actual = extract(row, k, target);

    assertEquals(expected.ids, Arrays.stream(actual.ids, 0, actual.count).boxed().toList());
    for (int j = 0; j < actual.count; j++) {
      assertClose(expected.logProb(actual.ids[j]), actual.logProbs[j]);
    }
    assertClose(expected.logTail, actual.logTail);
    assertClose(expected.entropy, actual.entropy);
    assertClose(expected.logNormaliser(), actual.logNormaliser);
    assertClose(expected.logProb(target), actual.targetLogProb);
  }

  @Property(tries = 200)
  void keepingLessIsAPrefix(@ForAll("rows") float[] row, @ForAll Random random) {
    int k = 1 + random.nextInt(row.length);
    RowStatistic all = extract(row, row.length, 0);
    RowStatistic some = extract(row, k, 0);
    assertArrayEquals(Arrays.copyOf(all.ids, some.count), Arrays.copyOf(some.ids, some.count));
    assertArrayEquals(
        Arrays.copyOf(all.logProbs, some.count), Arrays.copyOf(some.logProbs, some.count));
    assertEquals(all.logNormaliser, some.logNormaliser);
    assertEquals(all.entropy, some.entropy);
    assertEquals(all.targetLogProb, some.targetLogProb);
    assertEquals(Float.NEGATIVE_INFINITY, all.logTail);
  }

  /** Random logits; heavy ties, signed zeros, constants, offsets of 1e4, wide gaps, -inf masks. */
  @Provide
  Arbitrary<float[]> rows() {
    Arbitrary<Integer> length = Arbitraries.integers().between(1, 200);
    Arbitrary<Long> seeds = Arbitraries.longs();
    Arbitrary<Integer> kinds = Arbitraries.integers().between(0, 5);
    Arbitrary<Float> offsets = Arbitraries.of(0f, 1e4f, -1e4f);
    Arbitrary<Double> masks = Arbitraries.of(0.0, 0.3, 0.95);
    return Combinators.combine(length, seeds, kinds, offsets, masks).as(this::row);
  }

  private float[] row(int length, long seed, int kind, float offset, double masked) {
    Random random = new Random(seed);
    float[] row = new float[length];
    for (int i = 0; i < length; i++) {
      float x =
          switch (kind) {
            case 0 -> (float) random.nextGaussian() * 3;
            case 1 -> random.nextInt(3);
            case 2 -> random.nextBoolean() ? 0f : -0f;
            case 3 -> 7;
            case 4 -> (float) random.nextGaussian() * 1e4f;
            default -> random.nextInt(4) * -800f;
          };
      row[i] = random.nextDouble() < masked ? -INF : offset == 0 ? x : x + offset;
    }
    row[random.nextInt(length)] = offset;
    return row;
  }

  @Test
  void tiesGoToTheLowerIdAndZerosAreEqual() {
    float[] row = {-0f, 0f, 1, -0f, 1, -1};
    assertArrayEquals(new int[] {2, 4, 0, 1, 3, 5}, extract(row, 6, 0).ids);
    assertArrayEquals(new int[] {2, 4, 0}, extract(row, 3, 0).ids);
  }

  @Test
  void tailSurvivesUnderflow() {
    RowStatistic one = extract(new float[] {0, -2000, -2000, -INF}, 1, 3);
    assertClose(-2000 + Math.log(2), one.logTail);
    assertEquals(-INF, one.targetLogProb);
    assertEquals(0, one.entropy);
  }

  @Test
  void minusInfinityIsNoEntry() {
    RowStatistic one = extract(new float[] {-INF, 3, -INF}, 3, TokenBatch.NO_TARGET);
    assertEquals(1, one.count);
    assertEquals(1, one.ids[0]);
    assertEquals(0, one.logProbs[0]);
    assertEquals(-INF, one.logTail);
    assertTrue(Float.isNaN(one.targetLogProb));
  }

  @Test
  void whatLiesAroundTheRowHasNoPart() {
    float[] padded = {1e30f, 1, 2, 3, INF, Float.NaN};
    RowStatistic one = new RowStatistic(2);
    new PlainExtractor(3, 2).extract(LogitBuffer.float32(padded), 1, 0, one);
    assertArrayEquals(extract(new float[] {1, 2, 3}, 2, 0).logProbs, one.logProbs);
    assertArrayEquals(new int[] {2, 1}, one.ids);
  }

  @Test
  void badLogitsAreNamed() {
    assertBad("the logit of id 2 is NaN", 1, 5, Float.NaN);
    assertBad("the logit of id 0 is Infinity", INF, 1, Float.NaN);
    assertBad("the logits of all 2 ids are -Infinity", -INF, -INF);
    assertThrows(IllegalArgumentException.class, () -> new PlainExtractor(3, 4));
  }

  @Test
  void anErrorLeavesNoTrace() {
    PlainExtractor extractor = new PlainExtractor(3, 1);
    RowStatistic one = new RowStatistic(1);
    LogitBuffer rows = LogitBuffer.float32(new float[] {9, 9, Float.NaN, 1, 2, 3});
    assertThrows(DataException.class, () -> extractor.extract(rows, 0, 0, one));
    extractor.extract(rows, 3, 0, one);
    assertEquals(extract(new float[] {1, 2, 3}, 1, 0).logTail, one.logTail);
  }

  private static void assertBad(String message, float... row) {
    DataException e = assertThrows(DataException.class, () -> extract(row, 1, 0));
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
  }

  private static RowStatistic extract(float[] row, int k, int target) {
    RowStatistic into = new RowStatistic(k);
    new PlainExtractor(row.length, k).extract(LogitBuffer.float32(row), 0, target, into);
    return into;
  }

  /** Equal but for the rounding to float32, and 1e-12 where the double itself is near 0. */
  private static void assertClose(double expected, float actual) {
    if (Double.isInfinite(expected)) {
      assertEquals((float) expected, actual);
    } else {
      assertEquals(expected, actual, Math.abs(expected) * 0x1.01p-24 + 1e-12);
    }
  }
}
