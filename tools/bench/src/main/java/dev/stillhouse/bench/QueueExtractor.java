package dev.stillhouse.bench;

import dev.stillhouse.pipeline.extract.Extractor;
import dev.stillhouse.pipeline.extract.RowStatistic;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Extracts in the way that is usually written first: a queue of the k best, {@link Math#exp}, one
 * pass for the maximum and one for the sums. The kernel's figures are compared with it. It is good
 * for nothing else: it checks no logit and its bits are the JDK's.
 */
final class QueueExtractor implements Extractor {
  private record Entry(int id, float logit) {}

  private static final Comparator<Entry> WORST_FIRST =
      Comparator.comparingDouble(Entry::logit)
          .thenComparing(Comparator.comparingInt(Entry::id).reversed());

  private final int vocabulary;
  private final int k;

  QueueExtractor(int vocabulary, int k) {
    this.vocabulary = vocabulary;
    this.k = k;
  }

  @Override
  public String arithmetic() {
    return "queue";
  }

  @Override
  public void extract(
      LogitBuffer rows, int from, int target, long sequence, int position, RowStatistic into) {
    PriorityQueue<Entry> best = new PriorityQueue<>(k + 1, WORST_FIRST);
    double max = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < vocabulary; id++) {
      float logit = rows.get(from + id);
      max = Math.max(max, logit);
      best.add(new Entry(id, logit));
      if (best.size() > k) {
        best.poll();
      }
    }
    double sum = 0;
    double weighted = 0;
    for (int id = 0; id < vocabulary; id++) {
      double gap = rows.get(from + id) - max;
      double mass = Math.exp(gap);
      sum += mass;
      weighted += mass * gap;
    }
    double logSum = Math.log(sum);
    double kept = 0;
    into.count = best.size();
    for (int rank = best.size() - 1; rank >= 0; rank--) {
      Entry entry = best.remove();
      into.ids[rank] = entry.id();
      into.logProbs[rank] = (float) (entry.logit() - max - logSum);
      kept += Math.exp(entry.logit() - max - logSum);
    }
    into.logTail = (float) Math.log(1 - kept);
    into.entropy = (float) (logSum - weighted / sum);
    into.logNormaliser = (float) (max + logSum);
    into.targetLogProb =
        target == TokenBatch.NO_TARGET
            ? Float.NaN
            : (float) (rows.get(from + target) - max - logSum);
  }
}
