package dev.stillhouse.storage.loader;

import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;

/** Puts rows that were read one by one, with the same columns, into one batch, in their order. */
final class BatchGather {
  private BatchGather() {}

  static StatisticsBatch gather(List<StatisticsBatch> rows) {
    int length = rows.get(0).tokens().length();
    int slots = rows.size() * length;
    int entries = rows.stream().mapToInt(StatisticsBatch::entries).sum();
    StatisticsBatch like = rows.get(0);
    StatisticsBatch out =
        new StatisticsBatch(
            new TokenBatch(0, length, new int[slots], new int[slots]),
            new int[slots + 1],
            new int[entries],
            new float[entries],
            like.provenance().room(entries),
            new float[slots],
            new float[slots],
            new float[slots],
            new float[slots],
            new float[like.normalisersAt().length][slots]);
    for (int i = 0; i < rows.size(); i++) {
      copy(rows.get(i), out, i * length);
    }
    return out;
  }

  private static void copy(StatisticsBatch row, StatisticsBatch out, int at) {
    int length = row.tokens().length();
    System.arraycopy(row.tokens().tokens(), 0, out.tokens().tokens(), at, length);
    System.arraycopy(row.tokens().segments(), 0, out.tokens().segments(), at, length);
    System.arraycopy(row.logTail(), 0, out.logTail(), at, length);
    System.arraycopy(row.entropy(), 0, out.entropy(), at, length);
    System.arraycopy(row.logNormaliser(), 0, out.logNormaliser(), at, length);
    System.arraycopy(row.targetLogProb(), 0, out.targetLogProb(), at, length);
    int first = out.offsets()[at];
    System.arraycopy(row.ids(), 0, out.ids(), first, row.entries());
    System.arraycopy(row.logProbs(), 0, out.logProbs(), first, row.entries());
    row.provenance().copy(0, out.provenance(), first, row.entries());
    for (int t = 0; t < row.normalisersAt().length; t++) {
      System.arraycopy(row.normalisersAt()[t], 0, out.normalisersAt()[t], at, length);
    }
    for (int i = 0; i < length; i++) {
      out.offsets()[at + i + 1] = first + row.offsets()[i + 1];
    }
  }
}
