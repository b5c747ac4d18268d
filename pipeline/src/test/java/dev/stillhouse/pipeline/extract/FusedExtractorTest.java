package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusedExtractorTest {
  private static final float INF = Float.POSITIVE_INFINITY;

  /** Of log S, as the contract says; float32's rounding of what is stored comes on top. */
  private static final double NATS = 1e-6;

  private static final double TAIL_MASS = 2e-6;

  /** The contract's worst cases, at every k: all equal, and one at +80 above the rest. */
  @ParameterizedTest
  @ValueSource(floats = {0, 1e4f, -1e4f, 1e30f, -1e30f})
  void worstCasesOfTheSum(float offset) {
    for (int length : new int[] {3, 2049, 50_257}) {
      float[] equal = new float[length];
      Arrays.fill(equal, offset);
      float[] spike = equal.clone();
      spike[length / 2] += 80;
      float[] masked = spike.clone();
      masked[0] = -INF;
      for (float[] row : List.of(equal, spike, masked)) {
        for (int k : new int[] {1, 2, length / 2 + 1, length}) {
          check(row, k, 0);
        }
      }
    }
  }

  @Property(tries = 1000)
  void agreesWithTheDefinition(@ForAll("rows") float[] row, @ForAll Random random) {
    int k = random.nextInt(4) == 0 ? row.length : 1 + random.nextInt(Math.min(row.length, 300));
    check(row, k, random.nextInt(row.length));
  }

  @ParameterizedTest
  @EnumSource(Rows.Kind.class)
  void everyK(Rows.Kind kind) {
    Random random = new Random(kind.name().hashCode());
    for (int length : new int[] {1, 2, 17, 130, 300}) {
      float[] row = Rows.row(kind, length, random, 0, length == 130 ? 0.5 : 0);
      for (int k = 1; k <= length; k++) {
        check(row, k, random.nextInt(length));
      }
    }
  }

  /** The largest vocabulary, with the offsets of the contract. */
  @ParameterizedTest
  @EnumSource(Rows.Kind.class)
  void wideVocabularies(Rows.Kind kind) {
    Random random = new Random(kind.name().hashCode());
    for (float offset : new float[] {0, 1e4f, -1e4f, 1e30f, -1e30f}) {
      check(Rows.row(kind, 262_144, random, offset, 0), 64, 5);
    }
    check(Rows.row(kind, 151_936, random, 0, 0.5), 1, 5);
    check(Rows.row(kind, 50_257, random, 0, 0), 5000, 5);
  }

  @Property(tries = 300)
  void theTwinHasTheSameBits(@ForAll("rows") float[] row, @ForAll Random random) {
    assertTrue(Extractors.vector(), "plain loops run here, not vectors");
    int k = 1 + random.nextInt(row.length);
    int target = random.nextInt(row.length);
    RowStatistic vector = new RowStatistic(k);
    new FusedExtractor(row.length, k, Extractors.vectorLanes())
        .extract(direct(row), 0, target, vector);
    assertSame(vector, fused(row, k, target));
  }

  /** Lengths about a tile's, so that padding and the last tile are met. */
  @Provide
  Arbitrary<float[]> rows() {
    Arbitrary<Integer> lengths =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 300),
            Arbitraries.integers().between(1, 9000),
            Arbitraries.of(127, 128, 256, 2047, 2048, 2049, 4096));
    return Combinators.combine(
            Arbitraries.of(Rows.Kind.class),
            lengths,
            Arbitraries.randomValue(random -> random),
            Arbitraries.of(0f, 0f, 1e4f, -1e4f, 1e30f, -1e30f),
            Arbitraries.of(0.0, 0.0, 0.3, 0.95, 1.0))
        .as(Rows::row);
  }

  @Test
  void badLogitsAreNamedWhereverTheyLie() {
    float negative = Float.intBitsToFloat(Float.floatToRawIntBits(Float.NaN) | 1 << 31);
    for (float bad : new float[] {Float.NaN, negative, INF}) {
      for (int at : new int[] {0, 200, 2047, 2048, 4999}) {
        for (float others : new float[] {1, -1, -INF}) {
          float[] row = new float[5000];
          Arrays.fill(row, others);
          row[at] = bad;
          assertBad("the logit of id " + at + " is " + bad, row);
          Arrays.fill(row, at, row.length, bad);
          assertBad("the logit of id " + at + " is " + bad, row);
        }
      }
    }
    float[] none = new float[2500];
    Arrays.fill(none, -INF);
    assertBad("the logits of all 2500 ids are -Infinity", none);
    assertThrows(IllegalArgumentException.class, () -> Extractors.plainTwin(3, 4));
  }

  @Test
  void whatLiesBeyondTheVocabularyHasNoPart() {
    Random random = new Random(1);
    for (int vocabulary : new int[] {3, 100, 2048, 2500}) {
      float[] row = Rows.row(Rows.Kind.RANDOM, vocabulary, random, 0, 0);
      float[] padded = new float[vocabulary + 3000];
      Arrays.fill(padded, 1e38f);
      padded[0] = INF;
      padded[vocabulary + 11] = Float.NaN;
      System.arraycopy(row, 0, padded, 10, vocabulary);
      RowStatistic one = new RowStatistic(3);
      Extractors.create(vocabulary, 3).extract(direct(padded), 10, 1, one);
      assertSame(fused(row, 3, 1), one);
    }
  }

  @Test
  void anErrorLeavesNoTrace() {
    Extractor extractor = Extractors.create(3, 1);
    RowStatistic one = new RowStatistic(1);
    LogitBuffer rows = direct(9, 9, Float.NaN, 1, 2, 3);
    assertThrows(DataException.class, () -> extractor.extract(rows, 0, 0, one));
    extractor.extract(rows, 3, 0, one);
    assertSame(fused(new float[] {1, 2, 3}, 1, 0), one);
  }

  /** The tail is a sum, also where its masses are below float's smallest. */
  @Test
  void tailSurvivesUnderflow() {
    RowStatistic one = fused(new float[] {0, -2000, -2000, -INF}, 1, 3);
    assertEquals(-2000 + Math.log(2), one.logTail, 1e-3);
    assertEquals(-INF, one.targetLogProb);
    assertTrue(Float.isNaN(fused(new float[] {0}, 1, TokenBatch.NO_TARGET).targetLogProb));
  }

  /** Compares what is extracted with the definition. */
  static void check(float[] row, int k, int target) {
    RowStatistic expected = new RowStatistic(k);
    new PlainExtractor(row.length, k).extract(LogitBuffer.float32(row), 0, target, expected);
    RowStatistic actual = new RowStatistic(k);
    Extractors.create(row.length, k).extract(direct(row), 0, target, actual);

    assertEquals(expected.count, actual.count);
    assertArrayEquals(
        Arrays.copyOf(expected.ids, expected.count), Arrays.copyOf(actual.ids, actual.count));
    for (int j = 0; j < actual.count; j++) {
      assertClose(expected.logProbs[j], actual.logProbs[j]);
    }
    assertClose(expected.logNormaliser, actual.logNormaliser);
    assertClose(expected.targetLogProb, actual.targetLogProb);
    assertEquals(expected.entropy, actual.entropy, 1e-6 + expected.entropy * 2e-6);
    assertEquals(Math.exp(expected.logTail), Math.exp(actual.logTail), TAIL_MASS);
    assertEquals(expected.logTail == -INF, actual.logTail == -INF);
    assertTrue(actual.logTail <= 1e-6, "a tail is no more than everything");
    if (expected.logTail > -1e4 && expected.logTail < 0) {
      // Far down the rounding of x - max is what the mass errs by.
      assertEquals(expected.logTail, actual.logTail, 5e-6 + Math.abs(expected.logTail) * 3e-7);
    }
  }

  private static void assertClose(float expected, float actual) {
    if (Float.isInfinite(expected)) {
      assertEquals(expected, actual);
    } else {
      assertEquals(expected, actual, NATS + Math.ulp(expected));
    }
  }

  private static void assertBad(String message, float[] row) {
    for (Extractor extractor :
        new Extractor[] {Extractors.create(row.length, 2), Extractors.plainTwin(row.length, 2)}) {
      DataException e =
          assertThrows(
              DataException.class, () -> extractor.extract(direct(row), 0, 0, new RowStatistic(2)));
      assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    }
  }

  static void assertSame(RowStatistic expected, RowStatistic actual) {
    assertEquals(expected.count, actual.count);
    assertArrayEquals(expected.ids, actual.ids);
    assertArrayEquals(expected.logProbs, actual.logProbs);
    assertEquals(expected.logTail, actual.logTail);
    assertEquals(expected.entropy, actual.entropy);
    assertEquals(expected.logNormaliser, actual.logNormaliser);
    assertEquals(expected.targetLogProb, actual.targetLogProb);
  }

  private static RowStatistic fused(float[] row, int k, int target) {
    RowStatistic into = new RowStatistic(k);
    Extractors.plainTwin(row.length, k).extract(direct(row), 0, target, into);
    return into;
  }

  static LogitBuffer direct(float... row) {
    ByteBuffer memory = ByteBuffer.allocateDirect(4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
    memory.asFloatBuffer().put(row);
    return LogitBuffer.float32(memory);
  }
}
