package dev.stillhouse.storage.loader.dense;

import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;

/** Writes the columns of a dense batch, slot by slot. */
final class DenseFill {
  private final LoadedBatch batch;
  private final int teacher;
  private final int k;
  private final NumberType integerType;
  private final NumberType floatType;
  private final ByteBuffer tokens;
  private final ByteBuffer segments;
  private final ByteBuffer positions;
  private final ByteBuffer targets;
  private final ByteBuffer mask;
  private final ByteBuffer ids;
  private final ByteBuffer logProbs;
  private final ByteBuffer logTail;
  private final ByteBuffer logNormaliser;
  private int place;

  DenseFill(DenseBatch dense, LoadedBatch batch, int teacher) {
    this.batch = batch;
    this.teacher = teacher;
    k = dense.form().k();
    integerType = dense.form().integerType();
    floatType = dense.form().floatType();
    tokens = dense.column("tokens").data();
    segments = dense.column("segments").data();
    positions = dense.column("positions").data();
    targets = dense.column("targets").data();
    mask = dense.column("loss_mask").data();
    ids = dense.column("ids").data();
    logProbs = dense.column("log_probs").data();
    logTail = dense.column("log_tail").data();
    logNormaliser = dense.column("log_normaliser").data();
  }

  void fill() {
    int length = batch.length();
    for (int row = 0; row < batch.rows(); row++) {
      boolean there = row < batch.sequences().length;
      for (int slot = 0; slot < length; slot++) {
        if (there && !batch.row(teacher, row).tokens().padding(slot)) {
          slot(row * length + slot, batch.row(teacher, row), slot);
        } else {
          padding(row * length + slot);
        }
      }
    }
  }

  private void padding(int i) {
    integerType.put(tokens, i, 0);
    integerType.put(segments, i, TokenBatch.PADDING);
    integerType.put(positions, i, 0);
    integerType.put(targets, i, DenseForm.NO_TARGET);
    NumberType.UINT8.put(mask, i, 0);
    floatType.put(logTail, i, DenseForm.LOG_ZERO);
    floatType.put(logNormaliser, i, 0f);
    nothing(i * k, i * k + k);
  }

  /**
   * Writes a position.
   *
   * @param i its place in the dense batch
   * @param slot its place in its row
   */
  private void slot(int i, StatisticsBatch row, int slot) {
    TokenBatch all = row.tokens();
    integerType.put(tokens, i, all.tokens()[slot]);
    integerType.put(segments, i, all.segments()[slot]);
    boolean first = slot == 0 || all.segments()[slot - 1] != all.segments()[slot];
    place = first ? 0 : place + 1;
    integerType.put(positions, i, place);
    int target = all.target(slot);
    boolean none = target == TokenBatch.NO_TARGET;
    integerType.put(targets, i, none ? DenseForm.NO_TARGET : target);
    NumberType.UINT8.put(mask, i, none ? 0 : 1);
    floatType.put(logNormaliser, i, row.logNormaliser()[slot]);
    int from = row.offsets()[slot];
    int found = row.offsets()[slot + 1] - from;
    int kept = Math.min(k, found);
    entries(i, row, from, kept);
    boolean cut = kept < found || found == batch.maxEntries();
    floatType.put(logTail, i, cut ? rest(row, slot, from, kept) : stored(row, slot));
  }

  private void entries(int i, StatisticsBatch row, int from, int kept) {
    int at = i * k;
    for (int e = 0; e < kept; e++) {
      integerType.put(ids, at + e, row.ids()[from + e]);
      floatType.put(logProbs, at + e, Math.max(DenseForm.LOG_ZERO, row.logProbs()[from + e]));
    }
    nothing(at + kept, at + k);
  }

  private void nothing(int from, int to) {
    for (int at = from; at < to; at++) {
      integerType.put(ids, at, 0);
      floatType.put(logProbs, at, DenseForm.LOG_ZERO);
    }
  }

  private static float stored(StatisticsBatch row, int slot) {
    return Math.max(DenseForm.LOG_ZERO, row.logTail()[slot]);
  }

  /** Returns the tail of a position. The mass of entries that are left out belongs to it. */
  private static float rest(StatisticsBatch row, int slot, int from, int kept) {
    double mass = 0;
    for (int e = 0; e < kept; e++) {
      mass += Math.exp(row.logProbs()[from + e]);
    }
    float stored = row.logTail()[slot];
    double tail = Math.max(Float.isNaN(stored) ? 0 : Math.exp(stored), 1 - mass);
    return (float) Math.max(DenseForm.LOG_ZERO, Math.log(tail));
  }
}
