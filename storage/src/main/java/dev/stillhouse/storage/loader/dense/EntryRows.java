package dev.stillhouse.storage.loader.dense;

import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.Arrays;

/** Writes columns of k numbers a slot: the first k entries of each, and padding behind fewer. */
final class EntryRows {
  private final int k;
  private final int maxRead;
  private final int[] noInts;
  private final float[] noLogs;
  private final float[] logs;

  /**
   * Prepares rows of one shape.
   *
   * @param length positions of a row
   * @param maxRead entries of a position that were asked for; where there are as many, more may be
   *     stored
   */
  EntryRows(int k, int length, int maxRead) {
    this.k = k;
    this.maxRead = maxRead;
    this.noInts = new int[k];
    this.noLogs = new float[k];
    Arrays.fill(noLogs, DenseForm.LOG_ZERO);
    this.logs = new float[length * k];
  }

  /** Writes slots without an entry, from slot {@code at} on. */
  void nothing(DenseField field, NumberSink out, int at, int slots) {
    if (field.number() == DenseField.NumberKind.FLOAT) {
      for (int slot = at; slot < at + slots; slot++) {
        out.put(slot * k, noLogs, 0, k);
      }
    } else {
      nothing(out, at, slots);
    }
  }

  private void nothing(NumberSink out, int at, int slots) {
    for (int slot = at; slot < at + slots; slot++) {
      out.put(slot * k, noInts, 0, k);
    }
  }

  /**
   * Writes whole numbers of entries, the first of slot {@code at}.
   *
   * @param values one for each entry of {@code row}; none writes zeros
   */
  void ints(NumberSink out, int at, StatisticsBatch row, int[] values, int slots) {
    if (values.length == 0) {
      nothing(out, at, slots);
      return;
    }
    if (full(row, slots)) {
      out.put(at * k, values, row.offsets()[0], slots * k);
      return;
    }
    for (int slot = 0; slot < slots; slot++) {
      int to = (at + slot) * k;
      int from = row.offsets()[slot];
      int kept = kept(row, slot);
      out.put(to, values, from, kept);
      out.put(to + kept, noInts, 0, k - kept);
    }
  }

  /** Writes logarithms of entries, the first of slot {@code at}; minus infinity is LOG_ZERO. */
  void logs(NumberSink out, int at, StatisticsBatch row, float[] values, int slots) {
    for (int slot = 0; slot < slots; slot++) {
      int to = slot * k;
      int from = row.offsets()[slot];
      int kept = kept(row, slot);
      for (int e = 0; e < kept; e++) {
        logs[to + e] = Math.max(DenseForm.LOG_ZERO, values[from + e]);
      }
      System.arraycopy(noLogs, 0, logs, to + kept, k - kept);
    }
    out.put(at * k, logs, 0, slots * k);
  }

  /** Writes the log of the mass that is not in the first k entries of each slot. */
  void tails(NumberSink out, int at, StatisticsBatch row, int slots) {
    for (int slot = 0; slot < slots; slot++) {
      int found = row.offsets()[slot + 1] - row.offsets()[slot];
      boolean cut = found > k || found == maxRead;
      float stored = row.logTail()[slot];
      out.put(at + slot, Math.max(DenseForm.LOG_ZERO, cut ? rest(row, slot, stored) : stored));
    }
  }

  /** Returns the tail with the mass of entries that were left out. */
  private float rest(StatisticsBatch row, int slot, float stored) {
    double mass = 0;
    int from = row.offsets()[slot];
    for (int e = from; e < from + kept(row, slot); e++) {
      mass += Math.exp(row.logProbs()[e]);
    }
    return (float) Math.log(Math.max(Float.isNaN(stored) ? 0 : Math.exp(stored), 1 - mass));
  }

  private int kept(StatisticsBatch row, int slot) {
    return Math.min(k, row.offsets()[slot + 1] - row.offsets()[slot]);
  }

  /** Returns whether each slot has exactly k entries. */
  private boolean full(StatisticsBatch row, int slots) {
    for (int slot = 0; slot < slots; slot++) {
      if (row.offsets()[slot + 1] - row.offsets()[slot] != k) {
        return false;
      }
    }
    return true;
  }
}
