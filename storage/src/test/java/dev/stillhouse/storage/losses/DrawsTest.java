package dev.stillhouse.storage.losses;

import static dev.stillhouse.storage.losses.SamplePositions.kept;
import static dev.stillhouse.storage.losses.SamplePositions.logProbs;
import static dev.stillhouse.storage.losses.SamplePositions.normaliser;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.statistics.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What estimates are on average: over every way N draws can fall out, each with its probability.
 */
class DrawsTest {
  private static final double[] X = {2, -1, 0.5, 1.2, -3};
  private static final double[] Z = {-0.3, 0.8, 1.5, -2, 0.1};
  private static final int N = 4;
  private static final double[] FLAT = logProbs(X, 2); // a proposal: t at temperature 2

  /** Kept for certain by the union: the best two, and one forced. */
  private static final byte[] CERTAIN = {1, 0, 0, 1, 4};

  @Test
  void samplesGiveFullDistillationOnAverage() {
    Loss full = FullDistillation.crossEntropy(logProbs(X, 1), Z);
    assertClose(full, expected(logProbs(X, 1), c -> SampledEstimate.of(drawn(c, false), Z)));
    assertClose(full, expected(FLAT, c -> SampledEstimate.of(drawn(c, true), Z)));
  }

  @Test
  void theUnionGivesFullDistillationOnAverage() {
    Loss full = FullDistillation.crossEntropy(logProbs(X, 1), Z);
    assertClose(full, expected(logProbs(X, 1), c -> UnionEstimate.of(union(c, false), Z)));
    assertClose(full, expected(FLAT, c -> UnionEstimate.of(union(c, true), Z)));
  }

  /** Drawn at temperature 1, learned from at 3. */
  @Test
  void drawsServeAnotherTemperature() {
    double at = normaliser(X, 3);
    double[] z = Arrays.stream(Z).map(v -> v / 3).toArray();
    Loss full = FullDistillation.crossEntropy(logProbs(X, 3), z).times(9, 3);
    for (boolean flat : new boolean[] {false, true}) {
      double[] q = flat ? FLAT : logProbs(X, 1);
      assertClose(
          full, expected(q, c -> Temperature.loss(SampledEstimate::of, drawn(c, flat), 3, at, Z)));
      assertClose(
          full, expected(q, c -> Temperature.loss(UnionEstimate::of, union(c, flat), 3, at, Z)));
    }
  }

  /** Why weights are not divided by their sum, and drawn ids are not given their t. */
  @Test
  void theTemptingEstimatesAreBiased() {
    Loss full = FullDistillation.crossEntropy(logProbs(X, 1), Z);
    Loss normalised =
        expected(
            FLAT,
            c -> {
              PositionStatistic position = drawn(c, true);
              double[] w = SampledEstimate.weights(position);
              double sum = Arrays.stream(w).sum();
              double[] shares = Arrays.stream(w).map(v -> v / sum).toArray();
              return new StudentLogits(Z).crossEntropy(position.ids(), shares);
            });
    assertTrue(distance(full, normalised) > 0.01, "self-normalised: " + distance(full, normalised));
    Loss exact = expected(logProbs(X, 1), c -> TopK.renormalised(drawn(c, false), Z));
    assertTrue(distance(full, exact) > 0.05, "t of drawn ids: " + distance(full, exact));
  }

  @Test
  void theUnionsWeightsVaryLess() {
    double[] q = logProbs(X, 1);
    for (int i = 0; i < X.length; i++) {
      double t = Math.exp(q[i]);
      double samples = t * (1 - t) / N;
      assertEquals(samples, variance(i, c -> drawn(c, false), SampledEstimate::weights), 1e-14);
      double union = CERTAIN[i] != 0 ? 0 : samples;
      assertEquals(union, variance(i, c -> union(c, false), UnionEstimate::weights), 1e-14);
    }
  }

  private static double variance(
      int id,
      Function<int[], PositionStatistic> stored,
      Function<PositionStatistic, double[]> weights) {
    double[] q = logProbs(X, 1);
    double variance = 0;
    for (int[] draws : everyDraws()) {
      PositionStatistic position = stored.apply(draws);
      double[] w = weights.apply(position);
      double its = 0;
      for (int e = 0; e < w.length; e++) {
        its += position.ids()[e] == id ? w[e] : 0;
      }
      variance += probability(draws, q) * Math.pow(its - Math.exp(q[id]), 2);
    }
    return variance;
  }

  /** Mean of a loss over every outcome of N draws from exp({@code q}). */
  private static Loss expected(double[] q, Function<int[], Loss> loss) {
    double value = 0;
    double[] gradient = new double[X.length];
    for (int[] draws : everyDraws()) {
      double probability = probability(draws, q);
      Loss one = loss.apply(draws);
      value += probability * one.value();
      for (int j = 0; j < X.length; j++) {
        gradient[j] += probability * one.gradient()[j];
      }
    }
    return new Loss(value, gradient);
  }

  /** The V^N sequences of ids. */
  private static List<int[]> everyDraws() {
    List<int[]> all = new ArrayList<>();
    for (int code = 0; code < Math.pow(X.length, N); code++) {
      int rest = code;
      int[] draws = new int[N];
      for (int n = 0; n < N; n++, rest /= X.length) {
        draws[n] = rest % X.length;
      }
      all.add(draws);
    }
    return all;
  }

  private static double probability(int[] draws, double[] q) {
    return Math.exp(Arrays.stream(draws).mapToDouble(id -> q[id]).sum());
  }

  /** What {@code sample:N} keeps of these draws. */
  private static PositionStatistic drawn(int[] draws, boolean flat) {
    return stored(draws, flat, new byte[X.length]);
  }

  /** What a union keeps of them. */
  private static PositionStatistic union(int[] draws, boolean flat) {
    return stored(draws, flat, CERTAIN);
  }

  private static PositionStatistic stored(int[] draws, boolean flat, byte[] certain) {
    int[] count = new int[X.length];
    Arrays.stream(draws).forEach(id -> count[id]++);
    int[] ids =
        IntStream.range(0, X.length).filter(id -> count[id] > 0 || certain[id] != 0).toArray();
    byte[] reasons = new byte[ids.length];
    for (int e = 0; e < ids.length; e++) {
      int drawn = count[ids[e]] > 0 ? Reason.SAMPLED.bit() : 0;
      reasons[e] = (byte) (certain[ids[e]] | drawn);
    }
    return kept(
        X,
        ids,
        Arrays.stream(ids).map(id -> count[id]).toArray(),
        flat ? Arrays.stream(ids).mapToDouble(id -> FLAT[id]).toArray() : new double[0],
        reasons);
  }

  private static void assertClose(Loss expected, Loss actual) {
    assertEquals(expected.value(), actual.value(), 1e-12);
    assertArrayEquals(expected.gradient(), actual.gradient(), 1e-12);
  }

  private static double distance(Loss a, Loss b) {
    return IntStream.range(0, X.length)
        .mapToDouble(j -> Math.abs(a.gradient()[j] - b.gradient()[j]))
        .max()
        .orElseThrow();
  }
}
