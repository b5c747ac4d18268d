package dev.stillhouse.storage.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.statistics.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The bound is compared with the dense teacher that it must hold for. */
class TeacherLogProbsTest {
  private static final double ROUNDING = 1e-12;

  /** Any union of the best, drawn and forced ids; ids are asked for twice and in any order. */
  @Property(tries = 500)
  void keptIdsAreExactAndNoOtherIsMoreLikelyThanItsBound(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 40) int vocabulary,
      @ForAll @IntRange(max = 10) int top,
      @ForAll @IntRange(max = 10) int others) {
    double[] logits = SamplePositions.logits(vocabulary, 3, seed);
    double[] dense = SamplePositions.logProbs(logits, 1);
    PositionStatistic teacher = union(logits, dense, top, others, new Random(seed));
    int[] asked = new Random(seed + 1).ints(60, 0, vocabulary).toArray();
    TeacherLogProbs found = TeacherLogProbs.at(teacher, asked);
    List<Integer> kept = IntStream.of(teacher.ids()).boxed().toList();
    for (int i = 0; i < asked.length; i++) {
      assertEquals(kept.contains(asked[i]), found.exact()[i]);
      if (found.exact()[i]) {
        assertEquals(dense[asked[i]], found.logProbs()[i], ROUNDING);
      } else {
        assertTrue(dense[asked[i]] <= found.logProbs()[i] + ROUNDING);
        assertTrue(found.logProbs()[i] <= teacher.logTail());
      }
    }
  }

  private static PositionStatistic union(
      double[] logits, double[] dense, int top, int others, Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, dense.length).boxed().toList());
    order.sort(Comparator.comparingDouble(id -> -dense[id]));
    List<Integer> ids = new ArrayList<>(order.subList(0, Math.min(top, dense.length)));
    int best = ids.size();
    for (int i = 0; i < others; i++) {
      int id = random.nextInt(dense.length);
      if (!ids.contains(id)) {
        ids.add(id);
      }
    }
    byte[] reasons = new byte[ids.size()];
    for (int e = 0; e < reasons.length; e++) {
      Reason reason = e < best ? Reason.TOP : e % 2 == 0 ? Reason.FORCED : Reason.TARGET;
      reasons[e] = (byte) reason.bit();
    }
    int[] all = ids.stream().mapToInt(Integer::intValue).toArray();
    return SamplePositions.kept(logits, all, new int[0], new double[0], reasons);
  }

  @Test
  void aForcedEntryBoundsNothing() {
    byte[] reasons = {(byte) Reason.TOP.bit(), (byte) Reason.FORCED.bit()};
    double[] logits = {3, 2.5, 1, -9};
    PositionStatistic teacher =
        SamplePositions.kept(logits, new int[] {0, 3}, new int[0], new double[0], reasons);
    TeacherLogProbs found = TeacherLogProbs.at(teacher, 1, 3, 3);
    assertArrayEquals(new boolean[] {false, true, true}, found.exact());
    assertEquals(Math.min(teacher.logTail(), teacher.logProbs()[0]), found.logProbs()[0]);
    assertEquals(teacher.logProbs()[1], found.logProbs()[1]);
  }

  @Test
  void whereAllIsKeptNothingElseHasMass() {
    PositionStatistic teacher = SamplePositions.kept(new double[] {1, 0}, 0, 1);
    TeacherLogProbs found = TeacherLogProbs.at(teacher, 0, 1, 7);
    assertEquals(Double.NEGATIVE_INFINITY, found.logProbs()[2]);
    assertEquals(0, TeacherLogProbs.at(teacher).logProbs().length);
  }
}
