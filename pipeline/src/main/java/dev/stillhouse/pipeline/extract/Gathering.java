package dev.stillhouse.pipeline.extract;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * The statistics of a batch while its rows come in, in any order: a teacher answers segments of
 * like length together. Every slot has room for k entries; what was not used is closed up at the
 * end, in place.
 */
final class Gathering {
  private static final int NOT_GIVEN = -1;

  private final StatisticsBatch out;

  /** Entries of each slot, {@link #NOT_GIVEN} until its row came; 0 in padding. */
  private final int[] counts;

  /** Where each slot's room begins. */
  private final int[] starts;

  Gathering(TokenBatch batch, int k) {
    int slots = batch.slots();
    counts = new int[slots];
    starts = new int[slots];
    long entries = 0;
    for (int i = 0; i < slots; i++) {
      starts[i] = (int) entries;
      counts[i] = batch.padding(i) ? 0 : NOT_GIVEN;
      entries += batch.padding(i) ? 0 : k;
      if (entries > Integer.MAX_VALUE - 8) {
        throw DataException.of(
            "a batch of %d sequences of %d positions has more than %d entries at top-k:%d; cut"
                + " smaller batches",
            batch.sequences(), batch.length(), Integer.MAX_VALUE - 8, k);
      }
    }
    out =
        new StatisticsBatch(
            batch,
            new int[slots + 1],
            new int[(int) entries],
            new float[(int) entries],
            nulls(slots),
            nulls(slots),
            nulls(slots),
            nulls(slots));
  }

  TokenBatch tokens() {
    return out.tokens();
  }

  boolean has(int slot) {
    return counts[slot] != NOT_GIVEN;
  }

  void put(int slot, RowStatistic row) {
    System.arraycopy(row.ids, 0, out.ids(), starts[slot], row.count);
    System.arraycopy(row.logProbs, 0, out.logProbs(), starts[slot], row.count);
    counts[slot] = row.count;
    out.logTail()[slot] = row.logTail;
    out.entropy()[slot] = row.entropy;
    out.logNormaliser()[slot] = row.logNormaliser;
    out.targetLogProb()[slot] = row.targetLogProb;
  }

  /** The first slot without a row, or -1 if all are there. */
  int firstMissing() {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == NOT_GIVEN) {
        return i;
      }
    }
    return -1;
  }

  StatisticsBatch finish() {
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      if (at != starts[i] && counts[i] > 0) {
        System.arraycopy(out.ids(), starts[i], out.ids(), at, counts[i]);
        System.arraycopy(out.logProbs(), starts[i], out.logProbs(), at, counts[i]);
      }
      at += counts[i];
      out.offsets()[i + 1] = at;
    }
    return out;
  }

  private static float[] nulls(int slots) {
    float[] values = new float[slots];
    Arrays.fill(values, Float.NaN);
    return values;
  }
}
