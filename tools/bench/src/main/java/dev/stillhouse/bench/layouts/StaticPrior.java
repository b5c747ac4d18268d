package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Estimates how few bytes entries take when each is coded by itself: the entropy of ids, by how
 * often each is kept anywhere, and of the steps between neighbouring log-probs, by how often each
 * has that rank. Log-probs are rounded to steps of {@value #STEP} nats first, so none is off by
 * more than half of that. The tables of frequencies are not counted.
 */
final class StaticPrior {
  static final String NAME = "static prior";
  static final double STEP = 0.02;

  private final long[] ids;
  private final List<Map<Long, long[]>> gaps = new ArrayList<>();
  private long positions;
  private long entries;

  StaticPrior(int vocabulary) {
    ids = new long[vocabulary];
  }

  void accept(StatisticsBatch batch) {
    positions += batch.tokens().positions();
    entries += batch.entries();
    for (int slot = 0; slot < batch.tokens().slots(); slot++) {
      int from = batch.offsets()[slot];
      long last = 0;
      for (int e = from; e < batch.offsets()[slot + 1]; e++) {
        int id = batch.ids()[e];
        if (id < 0 || id >= ids.length) {
          throw DataException.of(
              "sequence %d: id %d, the vocabulary has %d; stillhouse verify tells more",
              batch.tokens().firstSequence() + slot / batch.tokens().length(), id, ids.length);
        }
        ids[id]++;
        long step = Math.round(-batch.logProbs()[e] / STEP); // -inf is the largest there is.
        if (gaps.size() == e - from) {
          gaps.add(new HashMap<>());
        }
        gaps.get(e - from).computeIfAbsent(step - last, unseen -> new long[1])[0]++;
        last = step;
      }
    }
  }

  long positions() {
    return positions;
  }

  long entries() {
    return entries;
  }

  /** Returns the bytes of all ids. */
  double idBytes() {
    double bits = informationOf(entries);
    for (long count : ids) {
      bits -= informationOf(count);
    }
    return bits / Byte.SIZE;
  }

  /** Returns the bytes of all log-probs. */
  double logProbBytes() {
    double bits = 0;
    for (Map<Long, long[]> rank : gaps) {
      long all = 0;
      for (long[] count : rank.values()) {
        bits -= informationOf(count[0]);
        all += count[0];
      }
      bits += informationOf(all);
    }
    return bits / Byte.SIZE;
  }

  /** Returns n log2 n. The sum n_i log2(N / n_i) is that of N less those of all n_i. */
  private static double informationOf(long count) {
    return count == 0 ? 0 : count * Math.log((double) count) / Math.log(2);
  }
}
