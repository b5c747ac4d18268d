package dev.stillhouse.storage.losses;

import static dev.stillhouse.storage.losses.SamplePositions.all;
import static dev.stillhouse.storage.losses.SamplePositions.kept;
import static dev.stillhouse.storage.losses.SamplePositions.logProbs;
import static dev.stillhouse.storage.losses.SamplePositions.logits;
import static dev.stillhouse.storage.losses.SamplePositions.normaliser;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class TemperatureTest {
  private static final int[] IDS = {3, 12, 0, 7};

  @Property(tries = 200)
  void isTheSoftmaxOfDividedLogits(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.3, max = 20) double temperature) {
    double[] x = logits(20, 4, seed);
    PositionStatistic at = Temperature.at(kept(x, IDS), temperature, normaliser(x, temperature));
    double[] dense = logProbs(x, temperature);
    double mass = 0;
    for (int e = 0; e < IDS.length; e++) {
      assertEquals(dense[IDS[e]], at.logProbs()[e], 1e-12);
      mass += Math.exp(dense[IDS[e]]);
    }
    assertEquals(1 - mass, Math.exp(at.logTail()), 1e-13);
    assertEquals(normaliser(x, temperature), at.logNormaliser());
  }

  @Test
  void nothingOfAWholeRowIsLeftAtAnyTemperature() {
    double[] x = logits(6, 2, 1);
    PositionStatistic at = Temperature.at(kept(x, all(6)), 3, normaliser(x, 3));
    assertEquals(Double.NEGATIVE_INFINITY, at.logTail());
  }

  /** From temperature to temperature and back. */
  @Test
  void canBeUndone() {
    double[] x = logits(20, 3, 5);
    PositionStatistic teacher = kept(x, IDS);
    PositionStatistic there = Temperature.at(teacher, 4, normaliser(x, 4));
    PositionStatistic back = Temperature.at(there, 0.25, teacher.logNormaliser());
    assertArrayEquals(teacher.logProbs(), back.logProbs(), 1e-12);
    assertEquals(teacher.logTail(), back.logTail(), 1e-12);
  }

  /**
   * With T squared the gradient has a limit (Hinton and others 2015, matching logits): the
   * difference of the logits, each less its mean, over V.
   */
  @Test
  void theGradientKeepsItsSizeAtHighTemperature() {
    double[] x = logits(8, 2, 1);
    double[] z = logits(8, 2, 2);
    double difference = Arrays.stream(z).average().orElseThrow();
    double teachers = Arrays.stream(x).average().orElseThrow();
    double[] limit =
        IntStream.range(0, 8).mapToDouble(j -> (z[j] - difference - x[j] + teachers) / 8).toArray();
    Loss loss = Temperature.loss(TailBucket::of, kept(x, all(8)), 1e4, normaliser(x, 1e4), z);
    assertArrayEquals(limit, loss.gradient(), 1e-3);
    double[] squares = Arrays.stream(limit).map(v -> 64 * v * v).toArray();
    assertEquals(Arrays.stream(squares).sum() / 16, loss.value(), 1e-2);
  }

  @Property(tries = 300)
  void boundsHoldTheNormaliser(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.2, max = 20) double temperature) {
    double[] x = logits(30, 3, seed);
    int[] byLogit =
        IntStream.range(0, 30)
            .boxed()
            .sorted((a, b) -> Double.compare(x[b], x[a]))
            .mapToInt(i -> i)
            .toArray();
    double exact = normaliser(x, temperature);
    double width = Double.POSITIVE_INFINITY;
    for (int k : new int[] {1, 4, 10, 29, 30}) {
      PositionStatistic top = kept(x, Arrays.copyOf(byLogit, k));
      NormaliserBounds bounds = NormaliserBounds.at(top, temperature, 30);
      assertTrue(bounds.lower() - 1e-12 <= exact && exact <= bounds.upper() + 1e-12, k + " best");
      double its = bounds.upper() - bounds.lower();
      assertTrue(its >= 0 && its <= width + 1e-12, "wider with more kept: " + its);
      width = its;
    }
    assertEquals(0, width, 1e-12, "one id of known mass, or none, is no question");
    int[] any = {byLogit[17], byLogit[3], byLogit[0]}; // drawn ones cap nothing
    PositionStatistic drawn =
        kept(x, any, new int[] {1, 1, 1}, new double[0], new byte[] {2, 2, 2});
    NormaliserBounds bounds = NormaliserBounds.at(drawn, temperature, 30);
    assertTrue(bounds.lower() - 1e-12 <= exact && exact <= bounds.upper() + 1e-12);
  }

  /** Both bounds are the truth for some teacher. */
  @Test
  void boundsAreAttained() {
    double[] even = {3, 1, 1, 1, 1, 1};
    assertEquals(normaliser(even, 2), NormaliserBounds.at(kept(even, 0), 2, 6).upper(), 1e-14);
    double[] uneven = {3, 1, 1, 1, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    assertEquals(
        normaliser(uneven, 2), NormaliserBounds.at(kept(uneven, 0, 1), 2, 6).lower(), 1e-12);
  }
}
