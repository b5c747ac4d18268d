package dev.stillhouse.pipeline.teacher.check;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import org.jspecify.annotations.Nullable;

/** A teacher's answer for a batch as natural log-probs: of all ids, or of those it keeps. */
final class Rows {
  /** Log-prob below which differences do not count: e^-50 is 2e-22. */
  private static final float MIN = -50;

  private final float[] @Nullable [] logProbs;
  private final int[] @Nullable [] ids;
  private int notFinite = -1;
  private boolean coarse;

  private Rows(int slots) {
    logProbs = new float[slots][];
    ids = new int[slots][];
  }

  static Rows read(Teacher teacher, TokenBatch batch, Selection selection) {
    Rows rows = new Rows(batch.slots());
    if (teacher instanceof DenseTeacher dense) {
      try (LogitsCursor cursor = dense.read(batch)) {
        for (Logits block = cursor.next(); block != null; block = cursor.next()) {
          try (Logits lent = block) {
            rows.take(lent, dense.vocabulary(), batch);
          }
        }
      }
    } else {
      rows.take(((ReducedTeacher) teacher).read(batch, selection));
    }
    for (int slot = 0; slot < batch.slots(); slot++) {
      if (!batch.padding(slot) && gives(teacher, batch, slot) && rows.logProbs[slot] == null) {
        throw DataException.of("the teacher gives no row for position %d of a batch", slot);
      }
    }
    return rows;
  }

  /** Returns whether a teacher has a row for a slot that is not padding. */
  static boolean gives(Teacher teacher, TokenBatch batch, int slot) {
    return !(teacher instanceof DenseTeacher dense) || dense.hasRow(batch, slot);
  }

  private void take(Logits block, int vocabulary, TokenBatch batch) {
    if (block.width() != vocabulary) {
      throw DataException.of(
          "the teacher says that it has a vocabulary of %d, and gives rows of %d",
          vocabulary, block.width());
    }
    coarse |= block.rows().width() < Float.BYTES;
    for (int row = 0; row < block.count(); row++) {
      float[] logits = new float[block.width()];
      block.rows().get(row * block.width(), logits, logits.length);
      int slot = block.firstSlot() + row;
      if (!normalise(logits) && notFinite < 0) {
        notFinite = slot % batch.length();
      }
      logProbs[slot] = logits;
    }
  }

  /** Turns logits into log-probs; returns false if they are of no distribution. */
  private static boolean normalise(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit); // NaN stays.
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    double normaliser = max + Math.log(sum);
    for (int id = 0; id < logits.length; id++) {
      logits[id] = (float) (logits[id] - normaliser);
    }
    return Double.isFinite(normaliser);
  }

  private void take(StatisticsBatch answer) {
    for (int slot = 0; slot < answer.tokens().slots(); slot++) {
      int from = answer.offsets()[slot];
      int count = answer.offsets()[slot + 1] - from;
      if (answer.tokens().padding(slot)) {
        continue;
      }
      int[] kept = new int[count];
      float[] values = new float[count];
      System.arraycopy(answer.ids(), from, kept, 0, count);
      System.arraycopy(answer.logProbs(), from, values, 0, count);
      ids[slot] = kept;
      logProbs[slot] = values;
      for (float value : values) {
        if (!(value <= 0) && notFinite < 0) {
          notFinite = slot % answer.tokens().length();
        }
      }
    }
  }

  /** Returns whether there is a row: a recording may lack some. */
  boolean has(int slot) {
    return logProbs[slot] != null;
  }

  /** Returns the position of the first row that is no distribution, or -1. */
  int notFinite() {
    return notFinite;
  }

  /** Returns whether logits have two bytes. */
  boolean coarse() {
    return coarse;
  }

  /** Returns the log-prob of an id in a slot; the min if it is not kept. */
  float logProb(int slot, int id) {
    float[] row = logProbs[slot];
    int[] kept = ids[slot];
    if (row == null) {
      return MIN;
    }
    if (kept == null) {
      return id < row.length ? Math.max(MIN, row[id]) : MIN;
    }
    for (int e = 0; e < kept.length; e++) {
      if (kept[e] == id) {
        return Math.max(MIN, row[e]);
      }
    }
    return MIN;
  }

  /** Returns the largest difference in nats between two rows that should be equal. */
  double difference(int slot, Rows other, int otherSlot) {
    float[] one = logProbs[slot];
    float[] two = other.logProbs[otherSlot];
    if (one == null || two == null) {
      throw new IllegalStateException("Rows: slot " + slot + " or " + otherSlot + " is padding");
    }
    double max = 0;
    if (ids[slot] == null) {
      for (int id = 0; id < one.length; id++) {
        max = Math.max(max, difference(one[id], two[id]));
      }
      return max;
    }
    return Math.max(beyond(slot, other, otherSlot), other.beyond(otherSlot, this, slot));
  }

  /**
   * Returns the largest difference over kept entries, in nats. An id that the other leaves out is
   * at most as good as its last.
   */
  private double beyond(int slot, Rows other, int otherSlot) {
    int[] kept = ids[slot];
    float[] row = logProbs[slot];
    float[] others = other.logProbs[otherSlot];
    if (kept == null || row == null || others == null) {
      return 0;
    }
    float last = 0;
    for (float value : others) {
      last = Math.min(last, Math.max(MIN, value));
    }
    double max = 0;
    for (int e = 0; e < kept.length; e++) {
      float there = other.logProb(otherSlot, kept[e]);
      max = Math.max(max, there > MIN ? difference(row[e], there) : Math.max(0, row[e] - last));
    }
    return max;
  }

  private static double difference(float one, float two) {
    // Rows that are no distribution are reported as such.
    return Float.isNaN(one) || Float.isNaN(two)
        ? 0
        : Math.abs((double) Math.max(MIN, one) - Math.max(MIN, two));
  }
}
