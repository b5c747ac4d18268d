package dev.stillhouse.storage.loader.dense;

import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;

/** Writes the columns of a dense batch, a row of one column at a time. */
final class DenseFill {
  private final LoadedBatch batch;
  private final int teacher;
  private final int length;
  private final EntryRows entries;

  DenseFill(LoadedBatch batch, int teacher, DenseForm form) {
    this.batch = batch;
    this.teacher = teacher;
    this.length = batch.length();
    this.entries = new EntryRows(form.k(), length, batch.maxEntries());
  }

  /** Writes all rows of one column. */
  void fill(DenseField field, NumberSink out) {
    for (int row = 0; row < batch.rows(); row++) {
      boolean there = row < batch.sequences().length;
      if (field.level() == DenseField.Level.ROW) {
        out.put(row, there ? number(field, row) : -1L);
      } else if (!there) {
        padding(field, out, row * length, length);
      } else {
        row(field, out, row * length, batch.row(teacher, row));
      }
    }
  }

  private long number(DenseField field, int row) {
    return field == DenseField.SOURCES ? batch.sources()[row] : batch.sequences()[row];
  }

  /** Writes what slots hold in which nothing is said. */
  private void padding(DenseField field, NumberSink out, int at, int slots) {
    if (field.level() == DenseField.Level.ENTRY) {
      entries.nothing(field, out, at, slots);
      return;
    }
    for (int i = at; i < at + slots; i++) {
      switch (field) {
        case SEGMENTS -> out.put(i, TokenBatch.PADDING);
        case TARGETS -> out.put(i, DenseForm.NO_TARGET);
        case LOG_TAIL -> out.put(i, DenseForm.LOG_ZERO);
        case LOG_NORMALISER, ENTROPY, TARGET_LOG_PROB -> out.put(i, 0f);
        default -> out.put(i, 0);
      }
    }
  }

  private void row(DenseField field, NumberSink out, int at, StatisticsBatch row) {
    TokenBatch tokens = row.tokens();
    int slots = tokens.positions(); // Padding comes after them.
    switch (field) {
      case TOKENS -> out.put(at, tokens.tokens(), 0, slots);
      case SEGMENTS -> out.put(at, tokens.segments(), 0, slots);
      case POSITIONS -> places(out, at, tokens.segments(), slots);
      case TARGETS -> targets(out, at, tokens, slots, true);
      case LOSS_MASK -> targets(out, at, tokens, slots, false);
      case IDS -> entries.ints(out, at, row, row.ids(), slots);
      case LOG_PROBS -> entries.logs(out, at, row, row.logProbs(), slots);
      case LOG_TAIL -> entries.tails(out, at, row, slots);
      case LOG_NORMALISER -> out.put(at, row.logNormaliser(), 0, slots);
      case ENTROPY -> out.put(at, row.entropy(), 0, slots);
      case TARGET_LOG_PROB -> orZero(out, at, row.targetLogProb(), slots);
      case REASONS -> reasons(out, at, row, slots);
      case COUNTS -> entries.ints(out, at, row, row.provenance().counts(), slots);
      case LOG_PROPOSALS -> proposals(out, at, row, slots);
      case SEQUENCES, SOURCES -> throw new IllegalStateException(field + " has one number a row");
    }
    padding(field, out, at + slots, length - slots);
  }

  private static void places(NumberSink out, int at, int[] segments, int slots) {
    int place = 0;
    for (int slot = 0; slot < slots; slot++) {
      place = slot == 0 || segments[slot - 1] != segments[slot] ? 0 : place + 1;
      out.put(at + slot, place);
    }
  }

  private static void targets(NumberSink out, int at, TokenBatch tokens, int slots, boolean ids) {
    for (int slot = 0; slot < slots; slot++) {
      int target = tokens.target(slot);
      boolean none = target == TokenBatch.NO_TARGET;
      if (ids) {
        out.put(at + slot, none ? DenseForm.NO_TARGET : target);
      } else {
        out.put(at + slot, none ? 0 : 1);
      }
    }
  }

  private static void orZero(NumberSink out, int at, float[] values, int slots) {
    for (int slot = 0; slot < slots; slot++) {
      out.put(at + slot, Float.isNaN(values[slot]) ? 0f : values[slot]);
    }
  }

  private void reasons(NumberSink out, int at, StatisticsBatch row, int slots) {
    byte[] reasons = row.provenance().reasons();
    int[] wide = new int[reasons.length];
    for (int e = 0; e < wide.length; e++) {
      wide[e] = reasons[e] & 0xFF;
    }
    entries.ints(out, at, row, wide, slots);
  }

  /** Draws from the teacher itself have its log-probs. */
  private void proposals(NumberSink out, int at, StatisticsBatch row, int slots) {
    Provenance provenance = row.provenance();
    float[] own = provenance.logProposals();
    entries.logs(out, at, row, own.length == 0 ? row.logProbs() : own, slots);
  }
}
