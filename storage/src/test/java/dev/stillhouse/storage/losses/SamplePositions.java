package dev.stillhouse.storage.losses;

import dev.stillhouse.storage.statistics.Reason;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Small dense teachers and students, and what a statistic would keep of them. */
final class SamplePositions {
  private SamplePositions() {}

  static double[] logits(int vocabulary, double deviation, long seed) {
    Random random = new Random(seed);
    return random.doubles(vocabulary, -2 * deviation, 2 * deviation).toArray();
  }

  static double[] logProbs(double[] logits, double temperature) {
    double lse = normaliser(logits, temperature);
    double[] logProbs = logits.clone();
    for (int j = 0; j < logProbs.length; j++) {
      logProbs[j] = logits[j] / temperature - lse;
    }
    return logProbs;
  }

  static double normaliser(double[] logits, double temperature) {
    return LogSpace.logSumExp(logits, 1 / temperature);
  }

  /** The named ids of a teacher, with their tail summed and no difference. */
  static PositionStatistic kept(double[] logits, int... ids) {
    return kept(logits, ids, new int[0], new double[0], best(ids.length));
  }

  static PositionStatistic kept(
      double[] logits, int[] ids, int[] counts, double[] logProposals, byte[] reasons) {
    double[] dense = logProbs(logits, 1);
    double[] others = dense.clone();
    double[] its = new double[ids.length];
    for (int e = 0; e < ids.length; e++) {
      its[e] = dense[ids[e]];
      others[ids[e]] = Double.NEGATIVE_INFINITY;
    }
    double logTail = LogSpace.logSumExp(others, 1);
    return new PositionStatistic(
        ids,
        its,
        reasons,
        logTail,
        normaliser(logits, 1),
        Arrays.stream(counts).sum(),
        counts,
        logProposals);
  }

  private static byte[] best(int entries) {
    byte[] best = new byte[entries];
    Arrays.fill(best, (byte) Reason.TOP.bit());
    return best;
  }

  /** Central finite differences of a loss's value. */
  static double[] differences(Function<double[], Loss> loss, double[] logits, double step) {
    double[] differences = new double[logits.length];
    for (int j = 0; j < logits.length; j++) {
      double[] up = logits.clone();
      double[] down = logits.clone();
      up[j] += step;
      down[j] -= step;
      differences[j] = (loss.apply(up).value() - loss.apply(down).value()) / (up[j] - down[j]);
    }
    return differences;
  }

  static int[] all(int vocabulary) {
    return IntStream.range(0, vocabulary).toArray();
  }
}
