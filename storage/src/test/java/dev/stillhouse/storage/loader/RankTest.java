package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.Iterators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class RankTest {
  /** E1, E2: in every step the ranks' slots, one after the other, are the step. */
  @Property
  void ranksShareAStepInOrder(
      @ForAll @IntRange(max = 100) int rows,
      @ForAll @IntRange(min = 1, max = 20) int ranks,
      @ForAll @LongRange(min = 0) long step) {
    int next = 0;
    for (int rank = 0; rank < ranks; rank++) {
      Rank one = new Rank(rank, ranks);
      assertEquals(next, one.from(rows, step));
      next = one.to(rows, step);
      assertTrue(next - one.from(rows, step) <= one.most(rows));
    }
    assertEquals(rows, next);
  }

  /** Over as many steps as there are ranks, what does not divide goes around. */
  @Property
  void ranksTakeTurnsWithWhatIsOver(
      @ForAll @IntRange(max = 100) int rows,
      @ForAll @IntRange(min = 1, max = 20) int ranks,
      @ForAll @LongRange(min = 0, max = 1L << 40) long first) {
    for (int rank = 0; rank < ranks; rank++) {
      Rank one = new Rank(rank, ranks);
      int given = 0;
      for (long step = first; step < first + ranks; step++) {
        given += one.to(rows, step) - one.from(rows, step);
      }
      assertEquals(rows, given, "rank " + rank);
    }
  }

  @Property
  void stepsAreCountedWithoutGoingThroughThem(
      @ForAll @LongRange(max = 200) long from,
      @ForAll @LongRange(max = 400) long length,
      @ForAll @IntRange(min = 1, max = 50) int batch,
      @ForAll @LongRange(min = 1, max = 90) long epochSamples) {
    long end = from + length;
    assertEquals(
        Iterators.size(Step.steps(from, end, batch, epochSamples)),
        Step.count(from, end, batch, epochSamples));
  }
}
