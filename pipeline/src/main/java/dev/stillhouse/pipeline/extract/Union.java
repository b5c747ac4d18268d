package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.Arrays;

/** The entries of one row, each once, with their reasons. */
final class Union {
  /** Reasons of each id; 0 if it is no entry. */
  private final byte[] reasons;

  /** How often each id was drawn. */
  private final int[] counts;

  private final long[] keys;
  private int size;

  Union(Selection selection) {
    StatisticSpec spec = selection.spec();
    reasons = new byte[selection.vocabulary()];
    counts = new int[spec.hasCounts() ? selection.vocabulary() : 0];
    keys = new long[selection.maxEntries()];
  }

  /** Removes all entries. */
  void clear() {
    for (int j = 0; j < size; j++) {
      reasons[id(j)] = 0;
      if (counts.length > 0) {
        counts[id(j)] = 0;
      }
    }
    size = 0;
  }

  void add(int id, float logit, Reason reason) {
    if (reasons[id] == 0) {
      keys[size++] = Contenders.key(logit, id);
    }
    reasons[id] |= (byte) reason.bit();
    if (reason == Reason.SAMPLED) {
      counts[id]++;
    }
  }

  boolean has(int id) {
    return reasons[id] != 0;
  }

  int size() {
    return size;
  }

  /** Returns the sort key of an entry, smaller for the better. */
  long key(int j) {
    return keys[j];
  }

  int id(int j) {
    return (int) keys[j];
  }

  float logit(int j) {
    return Contenders.logit(keys[j]);
  }

  /** Takes the best in their order, for a statistic without reasons. */
  void takeAll(Contenders best) {
    size = best.size();
    for (int j = 0; j < size; j++) {
      keys[j] = best.key(j);
    }
  }

  /** Orders the entries, best first. */
  void sort() {
    Arrays.sort(keys, 0, size);
  }

  /** Writes all but the log-probs. */
  void write(RowStatistic into) {
    into.count = size;
    for (int j = 0; j < size; j++) {
      int id = id(j);
      into.ids[j] = id;
      if (into.provenance.reasons().length > 0) {
        into.provenance.reasons()[j] = reasons[id];
      }
      if (counts.length > 0) {
        into.provenance.counts()[j] = counts[id];
      }
    }
  }
}
