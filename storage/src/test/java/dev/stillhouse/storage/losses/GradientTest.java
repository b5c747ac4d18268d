package dev.stillhouse.storage.losses;

import static dev.stillhouse.storage.losses.SamplePositions.all;
import static dev.stillhouse.storage.losses.SamplePositions.differences;
import static dev.stillhouse.storage.losses.SamplePositions.kept;
import static dev.stillhouse.storage.losses.SamplePositions.logProbs;
import static dev.stillhouse.storage.losses.SamplePositions.logits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Every gradient is the derivative of its value, and full distillation's where all is kept. */
class GradientTest {
  private static final int TOP = 1;
  private static final int SAMPLED = 2;
  private static final int TARGET = 8;

  private static final int V = 11;
  private static final int[] IDS = {7, 2, 9, 0};
  private static final int[] COUNTS = {3, 0, 2, 1};
  private static final double[] PROPOSALS = {-0.5, -2, -1.5, -3};
  private static final byte[] REASONS = {TOP | SAMPLED, TARGET, SAMPLED, SAMPLED};

  private static final Map<String, StudentLoss> LOSSES =
      Map.of(
          "top-k truncated", TopK::truncated,
          "top-k renormalised", TopK::renormalised,
          "top-k, both renormalised", TopK::bothRenormalised,
          "tail bucket", TailBucket::of,
          "samples", SampledEstimate::of,
          "union", UnionEstimate::of,
          "full cross-entropy", (teacher, z) -> FullDistillation.crossEntropy(dense(), z),
          "full divergence", (teacher, z) -> FullDistillation.divergence(dense(), z));

  private static double[] dense() {
    return logProbs(logits(V, 1.5, 4), 1);
  }

  @Property(tries = 50)
  void eachIsTheDerivativeOfItsValue(@ForAll long seed) {
    PositionStatistic teacher = kept(logits(V, 1.5, seed), IDS, COUNTS, PROPOSALS, REASONS);
    LOSSES.forEach((name, loss) -> check(name, z -> loss.of(teacher, z), logits(V, 1.5, ~seed)));
  }

  @Property(tries = 50)
  void eachIsTheDerivativeAtAnotherTemperatureToo(@ForAll long seed) {
    double[] x = logits(V, 1.5, seed);
    PositionStatistic teacher = kept(x, IDS, COUNTS, PROPOSALS, REASONS);
    double normaliser = SamplePositions.normaliser(x, 2.5);
    LOSSES.forEach(
        (name, loss) ->
            check(
                name,
                z -> Temperature.loss(loss, teacher, 2.5, normaliser, z),
                logits(V, 1.5, ~seed)));
  }

  private static void check(String name, Function<double[], Loss> loss, double[] z) {
    assertArrayEquals(differences(loss, z, 1e-4), loss.apply(z).gradient(), 1e-7, name);
    // A shift of all logits changes nothing, so the derivatives add up to none.
    assertEquals(0, Arrays.stream(loss.apply(z).gradient()).sum(), 1e-13, name);
  }

  @Property(tries = 100)
  void withEveryIdKeptEachIsFullDistillation(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int vocabulary) {
    double[] x = logits(vocabulary, 4, seed);
    double[] z = logits(vocabulary, 4, ~seed);
    PositionStatistic whole = kept(x, all(vocabulary));
    Loss full = FullDistillation.divergence(logProbs(x, 1), z);
    for (String name : LOSSES.keySet()) {
      if (name.startsWith("top-k") || name.equals("tail bucket")) {
        assertSame(full, LOSSES.get(name).of(whole, z), name);
      }
    }
    byte[] certain = new byte[vocabulary];
    Arrays.fill(certain, (byte) (TOP | SAMPLED));
    int[] counts = new int[vocabulary];
    counts[0] = 5; // all on one id: nothing of it may count
    PositionStatistic union = kept(x, all(vocabulary), counts, new double[0], certain);
    assertSame(
        FullDistillation.crossEntropy(logProbs(x, 1), z), UnionEstimate.of(union, z), "union");
  }

  private static void assertSame(Loss expected, Loss actual, String name) {
    assertEquals(expected.value(), actual.value(), 1e-12, name);
    assertArrayEquals(expected.gradient(), actual.gradient(), 1e-14, name);
  }

  /** 1 + log of nothing: all that exp could spoil. */
  @Test
  void logitsOfTenThousandGiveNumbers() {
    double[] x = {1e4, 1e4 - 1, -1e4, 0, 5, -1e4, 9999, 1e4 - 30, -3, 1e4 - 700, 2};
    double[] z = {-1e4, 1e4, 1e4 - 2, 0, 5, 3, -1e4, 1e4 - 40, -3, 2, 1e4 - 800};
    PositionStatistic teacher = kept(x, new int[] {0, 1, 6, 7}, COUNTS, new double[0], REASONS);
    for (String name : LOSSES.keySet()) {
      Loss loss = LOSSES.get(name).of(teacher, z);
      assertTrue(Double.isFinite(loss.value()), name + ": " + loss.value());
      assertTrue(Arrays.stream(loss.gradient()).allMatch(Double::isFinite), name);
      check(name, far -> LOSSES.get(name).of(teacher, far), shifted(logits(V, 2, 1), 1e4));
    }
    // All of the student's mass is on 1 and 2, the teacher has e^-1 / (1 + 2/e) of its own on 1.
    double t1 = 1 / (Math.E + 2);
    double[] gradient = FullDistillation.divergence(logProbs(x, 1), z).gradient();
    assertEquals(1 / (1 + Math.exp(-2)) - t1, gradient[1], 1e-12);
    assertEquals(Math.exp(-2) / (1 + Math.exp(-2)), gradient[2], 1e-12);
  }

  private static double[] shifted(double[] logits, double by) {
    return Arrays.stream(logits).map(x -> x + by).toArray();
  }
}
