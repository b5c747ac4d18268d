package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.Reason;

/**
 * Bounds of the log-normaliser at a temperature for which none was stored. The kept part of the sum
 * of t_i^(1/T) is known. Of the tail only its mass M, the number m of its ids, and that none is
 * likelier than c, the least likely of the best. The power is concave for T > 1: its sum is largest
 * when all m are alike, m (M/m)^(1/T), and smallest when as many as fit have c and one the rest.
 * For T < 1 it is the other way round. Both can be attained, so no tighter bounds exist.
 *
 * <p>The bounds may be far apart: around the truth, of the 64 best among 151,936 normal logits with
 * a deviation of 3, from -1.8 to +0.9 nats at T = 2 and from -3.5 to +0.7 at 4, though from -0.01
 * to +0.05 at 0.5. They hold for the log-probs as given, whatever rounding these had.
 *
 * @param lower nats
 * @param upper nats; equals {@code lower} where the tail has no mass
 */
public record NormaliserBounds(double lower, double upper) {

  /**
   * Returns the bounds for one position.
   *
   * @param vocabulary number of ids of the teacher
   */
  public static NormaliserBounds at(PositionStatistic teacher, double temperature, int vocabulary) {
    Temperature.check(teacher, temperature);
    teacher.marked(vocabulary);
    int others = vocabulary - teacher.ids().length;
    double logTail = teacher.logTail();
    if (others == 0 && logTail > Double.NEGATIVE_INFINITY) {
      throw UsageException.of(
          "all %d ids are kept, yet %s of the teacher's mass is not; its vocabulary is larger",
          vocabulary, Math.exp(logTail));
    }
    double power = 1 / temperature;
    double shift = teacher.logNormaliser() * power;
    double kept = LogSpace.logSumExp(teacher.logProbs(), power);
    double even = kept;
    double uneven = kept;
    if (logTail > Double.NEGATIVE_INFINITY) {
      double logOthers = Math.log(others);
      even = LogSpace.add(kept, logOthers + power * (logTail - logOthers));
      // Where rounding leaves more mass than fits under the cap, all are alike.
      double logLeast = Math.max(cap(teacher), logTail - logOthers);
      double ratio = Math.exp(logTail - logLeast);
      double full = Math.floor(ratio);
      double max = power * logLeast + Math.log(full + Math.pow(ratio - full, power));
      uneven = LogSpace.add(kept, max);
    }
    return new NormaliserBounds(shift + Math.min(even, uneven), shift + Math.max(even, uneven));
  }

  /**
   * Returns the log of the max probability of an id outside: that of the least likely of the best,
   * or all of the tail.
   */
  private static double cap(PositionStatistic teacher) {
    double min = teacher.logTail();
    for (int e = 0; e < teacher.ids().length; e++) {
      if (Reason.TOP.in(teacher.reasons()[e])) {
        min = Math.min(min, teacher.logProbs()[e]);
      }
    }
    return min;
  }
}
