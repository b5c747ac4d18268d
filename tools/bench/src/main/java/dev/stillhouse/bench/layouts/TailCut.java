package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.Arrays;

/**
 * Cuts statistics of a fixed k to what {@value #STATISTIC} would have kept of them: at each
 * position the fewest of the best entries that reach 0.99 of the mass, at most 64. The mass of cut
 * entries goes to the tail. So no teacher is asked again, and what is kept is the same.
 */
final class TailCut {
  static final String STATISTIC = "top-p:0.99,max=64";

  private static final double MASS = 0.99;
  private static final int MAX = 64;

  private TailCut() {}

  /** Returns whether statistics of this kind are of a fixed k and nothing else. */
  static boolean fits(String statistic) {
    StatisticSpec spec = StatisticSpec.parse(statistic);
    return spec.topK() > 0 && spec.equals(StatisticSpec.ofTopK(spec.topK()));
  }

  /** Returns the header of the cut statistics. */
  static ShardHeader header(ShardHeader of) {
    return new ShardHeader(
        of.layout(),
        STATISTIC,
        of.arithmetic(),
        of.teacher(),
        of.tokenizer(),
        of.vocabulary(),
        of.firstSequence(),
        of.sequences(),
        of.sequenceLength());
  }

  static StatisticsBatch cut(StatisticsBatch batch) {
    int slots = batch.tokens().slots();
    int[] offsets = new int[slots + 1];
    int[] ids = new int[batch.entries()];
    float[] logProbs = new float[batch.entries()];
    float[] logTail = batch.logTail().clone();
    for (int slot = 0; slot < slots; slot++) {
      int from = batch.offsets()[slot];
      int end = batch.offsets()[slot + 1];
      int kept = kept(batch.logProbs(), from, end);
      System.arraycopy(batch.ids(), from, ids, offsets[slot], kept);
      System.arraycopy(batch.logProbs(), from, logProbs, offsets[slot], kept);
      offsets[slot + 1] = offsets[slot] + kept;
      if (from + kept < end) {
        double left = Math.exp(logTail[slot]);
        for (int e = from + kept; e < end; e++) {
          left += Math.exp(batch.logProbs()[e]);
        }
        logTail[slot] = (float) Math.log(left);
      }
    }
    return new StatisticsBatch(
        batch.tokens(),
        offsets,
        Arrays.copyOf(ids, offsets[slots]),
        Arrays.copyOf(logProbs, offsets[slots]),
        logTail,
        batch.entropy(),
        batch.logNormaliser(),
        batch.targetLogProb());
  }

  private static int kept(float[] logProbs, int from, int end) {
    double mass = 0;
    int max = Math.min(end - from, MAX);
    for (int n = 0; n < max; n++) {
      mass += Math.exp(logProbs[from + n]);
      if (mass >= MASS) {
        return n + 1;
      }
    }
    return max;
  }
}
