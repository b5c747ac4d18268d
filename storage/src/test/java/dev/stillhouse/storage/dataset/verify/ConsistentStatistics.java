package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/** Statistics that a teacher could have given: one random distribution behind each slot. */
public final class ConsistentStatistics {
  private ConsistentStatistics() {}

  /** The {@code k} best entries of each slot, with all the scalars that follow. */
  public static StatisticsBatch of(Random random, TokenBatch tokens, int k, int vocabulary) {
    int slots = tokens.slots();
    StatisticsBatch out =
        new StatisticsBatch(
            tokens,
            new int[slots + 1],
            new int[slots * k],
            new float[slots * k],
            new float[slots],
            new float[slots],
            new float[slots],
            new float[slots]);
    for (int i = 0; i < slots; i++) {
      double[] logits = random.doubles(vocabulary, -4, 4).toArray();
      if (tokens.padding(i)) {
        out.offsets()[i + 1] = out.offsets()[i];
        out.logTail()[i] = Float.NaN;
        out.entropy()[i] = Float.NaN;
        out.logNormaliser()[i] = Float.NaN;
        out.targetLogProb()[i] = Float.NaN;
      } else {
        slot(out, i, k, logits);
      }
    }
    return out;
  }

  private static void slot(StatisticsBatch out, int i, int k, double[] logits) {
    double normaliser =
        Math.log(IntStream.range(0, logits.length).mapToDouble(v -> Math.exp(logits[v])).sum());
    int[] best =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble(v -> -logits[v]))
            .mapToInt(v -> v)
            .toArray();
    int at = out.offsets()[i];
    double tail = 0;
    double entropy = 0;
    for (int e = 0; e < best.length; e++) {
      double logProb = logits[best[e]] - normaliser;
      entropy -= Math.exp(logProb) * logProb;
      if (e < k) {
        out.ids()[at + e] = best[e];
        out.logProbs()[at + e] = (float) logProb;
      } else {
        tail += Math.exp(logProb);
      }
    }
    int target = out.tokens().target(i);
    out.offsets()[i + 1] = at + Math.min(k, best.length);
    out.logTail()[i] = (float) Math.log(tail);
    out.entropy()[i] = (float) entropy;
    out.logNormaliser()[i] = (float) normaliser;
    out.targetLogProb()[i] =
        target == TokenBatch.NO_TARGET ? Float.NaN : (float) (logits[target] - normaliser);
  }
}
