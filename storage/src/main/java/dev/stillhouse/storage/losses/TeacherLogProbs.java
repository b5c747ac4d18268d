package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.statistics.Reason;
import java.util.Arrays;

/**
 * What is known of the teacher's log-probs at ids of the caller's choice, such as the student's own
 * best.
 *
 * <p>An id that was kept has its log-prob. Of another, an upper bound is proven: it is no more
 * likely than the tail that it lies in, nor than any entry that is kept for being among the best.
 * Entries that are there by chance, by force or for being the target bound nothing. The bound is of
 * stored values: it holds up to the rounding of the layout.
 *
 * @param logProbs log-probs, or bounds from above
 * @param exact which of them are log-probs
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record TeacherLogProbs(double[] logProbs, boolean[] exact) {
  /** Looks ids up in the statistic of a position; each may be asked for more than once. */
  public static TeacherLogProbs at(PositionStatistic teacher, int... ids) {
    double bound = bound(teacher);
    double[] logProbs = new double[ids.length];
    boolean[] exact = new boolean[ids.length];
    Arrays.fill(logProbs, bound);
    for (int i = 0; i < ids.length; i++) {
      for (int e = 0; e < teacher.ids().length && !exact[i]; e++) {
        if (teacher.ids()[e] == ids[i]) {
          logProbs[i] = teacher.logProbs()[e];
          exact[i] = true;
        }
      }
    }
    return new TeacherLogProbs(logProbs, exact);
  }

  /**
   * Returns the upper bound of the log-prob of each id that was not kept; -inf if there is none.
   */
  private static double bound(PositionStatistic teacher) {
    double bound = Math.min(0, teacher.logTail());
    for (int e = 0; e < teacher.ids().length; e++) {
      if (Reason.TOP.in(teacher.reasons()[e])) {
        bound = Math.min(bound, teacher.logProbs()[e]);
      }
    }
    return bound;
  }
}
