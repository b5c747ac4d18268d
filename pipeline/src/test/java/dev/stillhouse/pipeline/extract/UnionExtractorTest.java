package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Statistics that are more than the k best. */
@Tag("slow")
class UnionExtractorTest {
  private static final float INF = Float.POSITIVE_INFINITY;

  @Property(tries = 400)
  void theDefinitionIsTheTextbooks(
      @ForAll("rows") float[] row, @ForAll("specs") String text, @ForAll Random random) {
    Selection selection = selection(text, row.length, random);
    int target = random.nextInt(row.length);
    RowStatistic actual = plain(selection, row, target);
    NaiveStatistic dense = new NaiveStatistic(row, row.length);
    StatisticSpec spec = selection.spec();

    double tail = 0;
    double max = row[dense.ids.get(0)];
    for (int i = 0; i < row.length; i++) {
      int entry = entry(actual, i);
      int rank = dense.ids.indexOf(i);
      double reached = 0;
      for (int j = 0; j < rank; j++) {
        reached += Math.exp(dense.logProb(dense.ids.get(j)));
      }
      boolean inP =
          rank >= 0
              && spec.topP().isPresent()
              && rank < spec.topP().get().max()
              && reached < spec.topP().get().enough(1);
      boolean sure = spec.topP().isEmpty() || Math.abs(reached - spec.topP().get().mass()) > 1e-9;
      boolean top = (rank >= 0 && rank < spec.topK()) || inP;
      boolean forced = selection.forced().contains(i);
      boolean isTarget = spec.target() && i == target;
      if (entry < 0) {
        assertFalse((top && sure) || forced || isTarget, "id " + i + " is no entry");
        tail += row[i] == -INF ? 0 : Math.exp(dense.logProb(i));
        continue;
      }
      assertEquals(
          (float) dense.logProb(i),
          actual.logProbs[entry],
          1e-6 * (1 + Math.abs(actual.logProbs[entry])));
      if (spec.hasReasons()) {
        int reasons = actual.provenance.reasons()[entry];
        assertTrue(!sure || top == Reason.TOP.in(reasons));
        assertEquals(forced, Reason.FORCED.in(reasons));
        assertEquals(isTarget, Reason.TARGET.in(reasons));
        assertTrue(reasons > 0);
        assertEquals(
            Reason.SAMPLED.in(reasons), spec.hasCounts() && actual.provenance.counts()[entry] > 0);
      }
      if (spec.hasCounts() && actual.provenance.counts()[entry] > 0) {
        assertTrue(row[i] > -INF, "what has no mass is never drawn");
      }
    }
    assertEquals(tail, Math.exp(actual.logTail), 1e-6);
    for (int t = 0; t < spec.normalisersAt().size(); t++) {
      double degrees = spec.normalisersAt().get(t);
      double expected = max / degrees + logSumAt(row, max, degrees);
      assertEquals(expected, actual.further[t], 1e-6 * (1 + Math.abs(expected)));
    }
    if (spec.hasProposals()) {
      double degrees = spec.sample().orElseThrow().temperature();
      for (int j = 0; j < actual.count; j++) {
        double expected = (row[actual.ids[j]] - max) / degrees - logSumAt(row, max, degrees);
        float proposal = actual.provenance.logProposals()[j];
        assertTrue(proposal == expected || Math.abs(proposal - expected) <= 1e-6 * (1 - expected));
      }
    }
    spec.sample()
        .ifPresent(
            sample ->
                assertEquals(
                    sample.draws(),
                    Arrays.stream(actual.provenance.counts(), 0, actual.count).sum()));
  }

  @Property(tries = 600)
  void theKernelAgreesWithTheDefinition(
      @ForAll("rows") float[] row, @ForAll("specs") String text, @ForAll Random random) {
    Selection selection = selection(text, row.length, random);
    int target = random.nextInt(5) == 0 ? TokenBatch.NO_TARGET : random.nextInt(row.length);
    RowStatistic expected = plain(selection, row, target);
    RowStatistic actual = new RowStatistic(selection);
    Extractors.create(selection).extract(FusedExtractorTest.direct(row), 0, target, 3, 4, actual);

    // Where a random number or p lies within rounding of a step, both are right.
    int apart = Math.abs(expected.count - actual.count);
    for (int j = 0; j < actual.count; j++) {
      int there = entry(expected, actual.ids[j]);
      apart += there < 0 ? 1 : 0;
      if (there >= 0) {
        assertEquals(
            expected.logProbs[there],
            actual.logProbs[j],
            1e-6 * (1 + Math.abs(actual.logProbs[j])));
        if (selection.spec().hasCounts()) {
          apart += Math.abs(expected.provenance.counts()[there] - actual.provenance.counts()[j]);
        }
        if (selection.spec().hasProposals()) {
          float proposal = expected.provenance.logProposals()[there];
          float ours = actual.provenance.logProposals()[j];
          assertTrue(proposal == ours || Math.abs(proposal - ours) < 2e-6 * (1 - ours));
        }
      }
    }
    assertTrue(apart <= 4, apart + " differences");
    if (apart == 0) {
      assertEquals(Math.exp(expected.logTail), Math.exp(actual.logTail), 2e-6);
      assertEquals(expected.logTail == -INF, actual.logTail == -INF);
      if (expected.logTail > -1e4 && expected.logTail < -1e-3) {
        assertEquals(expected.logTail, actual.logTail, 2e-5 + Math.abs(expected.logTail) * 3e-7);
      }
    }
    assertArrayEquals(given(expected.further), given(actual.further));
    for (int i : given(expected.further)) {
      float number = expected.further[i];
      assertEquals(number, actual.further[i], 1e-6 + Math.ulp(number));
    }
  }

  /** Indices of the values that are not null: a number of the target is, without one. */
  private static int[] given(float[] values) {
    return IntStream.range(0, values.length).filter(i -> !Float.isNaN(values[i])).toArray();
  }

  @Property(tries = 200)
  void theTwinHasTheSameBits(
      @ForAll("rows") float[] row, @ForAll("specs") String text, @ForAll Random random) {
    assertTrue(Extractors.vector(), "plain loops run here, not vectors");
    Selection selection = selection(text, row.length, random);
    RowStatistic vector = new RowStatistic(selection);
    RowStatistic twin = new RowStatistic(selection);
    LogitBuffer rows = FusedExtractorTest.direct(row);
    Extractors.create(selection).extract(rows, 0, 0, 3, 4, vector);
    Extractors.plainTwin(selection).extract(rows, 0, 0, 3, 4, twin);

    assertEquals(twin.count, vector.count);
    assertArrayEquals(twin.ids, vector.ids);
    assertArrayEquals(twin.logProbs, vector.logProbs);
    assertArrayEquals(twin.provenance.reasons(), vector.provenance.reasons());
    assertArrayEquals(twin.provenance.counts(), vector.provenance.counts());
    assertArrayEquals(twin.provenance.logProposals(), vector.provenance.logProposals());
    assertArrayEquals(twin.further, vector.further);
    assertEquals(twin.logTail, vector.logTail);
  }

  @Test
  void nothingIsLeftOfARowBefore() {
    Random random = new Random(5);
    Selection selection = selection("top-k:2+sample:20+forced:F+target", 3000, random);
    float[] first = Rows.row(Rows.Kind.RANDOM, 3000, random, 0, 0);
    float[] second = Rows.row(Rows.Kind.CLUSTERED, 3000, random, 0, 0.4);
    Extractor extractor = Extractors.create(selection);
    RowStatistic again = new RowStatistic(selection);
    extractor.extract(FusedExtractorTest.direct(first), 0, 1, 3, 4, again);
    extractor.extract(FusedExtractorTest.direct(second), 0, 2, 3, 4, again);
    RowStatistic fresh = new RowStatistic(selection);
    Extractors.create(selection).extract(FusedExtractorTest.direct(second), 0, 2, 3, 4, fresh);

    assertEquals(fresh.count, again.count);
    for (int j = 0; j < fresh.count; j++) {
      assertEquals(fresh.ids[j], again.ids[j]);
      assertEquals(fresh.provenance.reasons()[j], again.provenance.reasons()[j]);
      assertEquals(fresh.provenance.counts()[j], again.provenance.counts()[j]);
    }
    assertEquals(fresh.logTail, again.logTail);
  }

  @Test
  void keepsWhatIsForcedThoughItHasNoMass() {
    Selection selection =
        new Selection(4, StatisticSpec.parse("top-k:3+forced:F+target"), ImmutableIntArray.of(2));
    RowStatistic one = new RowStatistic(selection);
    Extractors.create(selection)
        .extract(FusedExtractorTest.direct(-INF, 1, -INF, -INF), 0, 3, 0, 0, one);
    assertArrayEquals(new int[] {1, 2, 3}, Arrays.copyOf(one.ids, one.count));
    assertArrayEquals(new float[] {0, -INF, -INF}, Arrays.copyOf(one.logProbs, one.count));
    assertArrayEquals(new byte[] {1, 4, 8}, Arrays.copyOf(one.provenance.reasons(), one.count));
    assertEquals(-INF, one.logTail);
  }

  @Test
  void aStatisticMayHaveNoEntries() {
    Selection selection = selection("normaliser-at:2.0", 100, new Random(1));
    float[] row = Rows.row(Rows.Kind.RANDOM, 100, new Random(1), 0, 0);
    RowStatistic one = new RowStatistic(selection);
    Extractors.create(selection).extract(FusedExtractorTest.direct(row), 0, 3, 0, 0, one);
    assertEquals(0, one.count);
    assertEquals(0, one.logTail, 1e-6);
  }

  @Provide
  Arbitrary<String> specs() {
    return Arbitraries.of(
        "top-k:1+sample:7",
        "sample:50",
        "top-k:32+sample:50+forced:F+target",
        "top-p:0.9,max=40",
        "top-k:2+top-p:0.5,max=300+target",
        "top-p:1.0,max=300",
        "target",
        "forced:F",
        "normaliser-at:0.5,2.0,4.0",
        "top-k:5+sample:50,temperature=2.0+normaliser-at:2.0",
        "sample:50,temperature=0.5+target",
        "top-k:3+sample:3,temperature=1.3,seed=-9+normaliser-at:4.0");
  }

  @Provide
  Arbitrary<float[]> rows() {
    Arbitrary<Integer> lengths =
        Arbitraries.oneOf(
            Arbitraries.integers().between(300, 600),
            Arbitraries.integers().between(300, 7000),
            Arbitraries.of(2047, 2048, 2049, 4096));
    return Combinators.combine(
            Arbitraries.of(Rows.Kind.class),
            lengths,
            Arbitraries.randomValue(random -> random),
            Arbitraries.of(0f, 0f, 1e4f, -1e4f, 1e30f),
            Arbitraries.of(0.0, 0.0, 0.3, 0.95, 1.0))
        .as(Rows::row);
  }

  private static Selection selection(String text, int vocabulary, Random random) {
    StatisticSpec spec = StatisticSpec.parse(text, 11);
    int[] forced =
        IntStream.generate(() -> random.nextInt(vocabulary)).limit(5).sorted().distinct().toArray();
    return new Selection(
        vocabulary,
        spec,
        spec.forced().isPresent() ? ImmutableIntArray.copyOf(forced) : ImmutableIntArray.of());
  }

  private static RowStatistic plain(Selection selection, float[] row, int target) {
    RowStatistic into = new RowStatistic(selection);
    new PlainExtractor(selection).extract(LogitBuffer.float32(row), 0, target, 3, 4, into);
    return into;
  }

  private static int entry(RowStatistic one, int id) {
    for (int j = 0; j < one.count; j++) {
      if (one.ids[j] == id) {
        return j;
      }
    }
    return -1;
  }

  private static double logSumAt(float[] row, double max, double degrees) {
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp((logit - max) / degrees);
    }
    return Math.log(sum);
  }
}
