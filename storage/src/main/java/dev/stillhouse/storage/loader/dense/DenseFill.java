package dev.stillhouse.storage.loader.dense;

import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;

/** Writes the columns of a dense batch, slot by slot. */
final class DenseFill {
  private final StatisticsBatch rows;
  private final int mostEntries;
  private final int slots;
  private final int k;
  private final NumberType whole;
  private final NumberType floating;
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
    rows = batch.teachers().get(teacher);
    mostEntries = batch.mostEntries();
    slots = batch.rows() * rows.tokens().length();
    k = dense.form().k();
    whole = dense.form().whole();
    floating = dense.form().floating();
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
    TokenBatch all = rows.tokens();
    for (int i = 0; i < slots; i++) {
      boolean padding = i >= all.slots() || all.padding(i);
      if (padding) {
        padding(i);
      } else {
        slot(i, all);
      }
    }
  }

  private void padding(int i) {
    whole.put(tokens, i, 0);
    whole.put(segments, i, TokenBatch.PADDING);
    whole.put(positions, i, 0);
    whole.put(targets, i, DenseForm.NO_TARGET);
    NumberType.UINT8.put(mask, i, 0);
    floating.put(logTail, i, DenseForm.NOTHING);
    floating.put(logNormaliser, i, 0f);
    entries(i, 0, 0);
  }

  private void slot(int i, TokenBatch all) {
    whole.put(tokens, i, all.tokens()[i]);
    whole.put(segments, i, all.segments()[i]);
    boolean first = i % all.length() == 0 || all.segments()[i - 1] != all.segments()[i];
    place = first ? 0 : place + 1;
    whole.put(positions, i, place);
    int target = all.target(i);
    boolean none = target == TokenBatch.NO_TARGET;
    whole.put(targets, i, none ? DenseForm.NO_TARGET : target);
    NumberType.UINT8.put(mask, i, none ? 0 : 1);
    floating.put(logNormaliser, i, rows.logNormaliser()[i]);
    int from = rows.offsets()[i];
    int found = rows.offsets()[i + 1] - from;
    int kept = Math.min(k, found);
    entries(i, from, kept);
    floating.put(logTail, i, tail(i, from, kept, kept < found || found == mostEntries));
  }

  private void entries(int i, int from, int kept) {
    int at = i * k;
    for (int e = 0; e < kept; e++) {
      whole.put(ids, at + e, rows.ids()[from + e]);
      floating.put(logProbs, at + e, Math.max(DenseForm.NOTHING, rows.logProbs()[from + e]));
    }
    for (int e = kept; e < k; e++) {
      whole.put(ids, at + e, 0);
      floating.put(logProbs, at + e, DenseForm.NOTHING);
    }
  }

  /** What was stored, unless entries were left out: then their mass belongs to the tail. */
  private float tail(int i, int from, int kept, boolean cut) {
    float stored = rows.logTail()[i];
    double tail = Float.isNaN(stored) ? 0 : Math.exp(stored);
    if (cut) {
      double mass = 0;
      for (int e = 0; e < kept; e++) {
        mass += Math.exp(rows.logProbs()[from + e]);
      }
      tail = Math.max(tail, 1 - mass);
      return (float) Math.max(DenseForm.NOTHING, Math.log(tail));
    }
    return Math.max(DenseForm.NOTHING, stored);
  }
}
