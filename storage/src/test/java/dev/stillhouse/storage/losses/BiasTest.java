package dev.stillhouse.storage.losses;

import static dev.stillhouse.storage.losses.SamplePositions.kept;
import static dev.stillhouse.storage.losses.SamplePositions.logProbs;
import static dev.stillhouse.storage.losses.SamplePositions.logits;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Where top-k and the tail bucket lead a student, and where no mass is. */
class BiasTest {
  private static final double[] X = {1, -0.5, 2, 0.3, -1.5, 0.9};
  private static final int[] IDS = {2, 0, 5};

  @Test
  void topKsOptimumIsTheKeptRenormalised() {
    PositionStatistic teacher = kept(X, IDS);
    double[] optimum = new double[X.length];
    Arrays.fill(optimum, NEGATIVE_INFINITY);
    Arrays.stream(IDS).forEach(id -> optimum[id] = X[id]); // softmax divides by the kept mass
    double kept = 1 - Math.exp(teacher.logTail());
    assertStill(TopK.truncated(teacher, optimum));
    assertStill(TopK.renormalised(teacher, optimum));
    assertStill(TopK.bothRenormalised(teacher, optimum));
    assertEquals(kept * Math.log(kept), TopK.truncated(teacher, optimum).value(), 1e-15);
    assertEquals(0, TopK.renormalised(teacher, optimum).value(), 1e-15);
    // A student that is the teacher is driven away, and down outside by its own p.
    double[] t = Arrays.stream(logProbs(X, 1)).map(Math::exp).toArray();
    Loss truncated = TopK.truncated(teacher, X);
    assertEquals((kept - 1) * t[2], truncated.gradient()[2], 1e-15);
    assertEquals(kept * t[1], truncated.gradient()[1], 1e-15);
    Loss renormalised = TopK.renormalised(teacher, X);
    assertEquals(t[2] - t[2] / kept, renormalised.gradient()[2], 1e-15);
    assertEquals(t[1], renormalised.gradient()[1], 1e-15);
  }

  /** Nothing drives mass from outside K to where it belongs, however much it is. */
  @Test
  void renormalisingTheStudentTooLeavesTheRestToChance() {
    PositionStatistic teacher = kept(X, IDS);
    double[] wild = {X[0] - 20, 3, X[2] - 20, 50, -9, X[5] - 20};
    assertStill(TopK.bothRenormalised(teacher, wild));
    assertEquals(0, TopK.bothRenormalised(teacher, wild).value(), 1e-13);
    assertTrue(TailBucket.of(teacher, wild).value() > 10);
  }

  private static void assertStill(Loss loss) {
    assertArrayEquals(new double[X.length], loss.gradient(), 1e-14);
  }

  @Property(tries = 200)
  void theTailBucketIsNeverMoreThanTheFullDivergence(@ForAll long seed) {
    double[] x = logits(9, 3, seed);
    double[] z = logits(9, 3, ~seed);
    double full = FullDistillation.divergence(logProbs(x, 1), z).value();
    double last = 0;
    for (int[] ids : new int[][] {{}, {4}, {4, 1}, {4, 1, 8, 0, 3, 2, 5}}) { // the finer, the more
      double value = TailBucket.of(kept(x, ids), z).value();
      assertTrue(value >= last - 1e-14 && value <= full + 1e-14, value + " of " + full);
      last = value;
    }
    assertEquals(full, TailBucket.of(kept(x, 4, 1, 8, 0, 3, 2, 5, 6), z).value(), 1e-13);
  }

  /** Right in K and in sum outside: the loss is 0 there, whoever has the rest. */
  @Test
  void theTailBucketRestsAtTheTeacher() {
    PositionStatistic teacher = kept(X, IDS);
    assertStill(TailBucket.of(teacher, X));
    double[] z = X.clone();
    z[1] = X[3]; // exchanged, both outside
    z[3] = X[1];
    assertStill(TailBucket.of(teacher, z));
    assertEquals(0, TailBucket.of(teacher, z).value(), 1e-15);
  }

  /** A forced id of the masked vocabulary is kept with no mass; a tail may have none. */
  @Test
  void whatHasNoMassCountsNothing() {
    double[] x = X.clone();
    x[4] = NEGATIVE_INFINITY;
    x[1] = NEGATIVE_INFINITY;
    double[] z = {0.1, -2, 0.7, 1, NEGATIVE_INFINITY, 0.4}; // nor can the student say 4
    Loss full = FullDistillation.divergence(logProbs(x, 1), z);
    PositionStatistic all = kept(x, 2, 0, 5, 3, 4); // 1 is left, with nothing
    assertEquals(NEGATIVE_INFINITY, all.logTail());
    for (StudentLoss loss :
        new StudentLoss[] {TopK::truncated, TopK::renormalised, TailBucket::of}) {
      assertEquals(full.value(), loss.of(all, z).value(), 1e-14);
      assertArrayEquals(full.gradient(), loss.of(all, z).gradient(), 1e-14);
      assertEquals(POSITIVE_INFINITY, loss.of(kept(X, 2, 4), z).value(), "4 has mass here");
    }
    byte[] forced = {1, 4};
    PositionStatistic union = kept(x, new int[] {2, 4}, new int[] {3, 0}, new double[0], forced);
    assertArrayEquals(
        new double[] {Math.exp(union.logProbs()[0]), 0}, UnionEstimate.weights(union));
  }

  /** 1 - P would have no digits left. */
  @Test
  void theTailOfASureStudentIsExact() {
    PositionStatistic teacher = kept(new double[] {0, -50, -60}, 0);
    double[] z = {0, -80, -81};
    double logOutside = -80 + Math.log1p(Math.exp(-1)); // beside a P of 1, up to 1e-34
    double tail = Math.exp(teacher.logTail());
    Loss loss = TailBucket.of(teacher, z);
    double expected = tail * (teacher.logTail() - logOutside);
    assertEquals(expected, loss.value(), 1e-9 * expected); // in K t and p are 1 to the last digit
    double share = 1 / (1 + Math.exp(-1));
    assertEquals(-tail * share, loss.gradient()[1], 1e-12 * tail);
  }
}
