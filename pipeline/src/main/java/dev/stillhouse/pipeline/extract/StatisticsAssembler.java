package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * Asks a dense teacher about batches and keeps one statistic of every row. Trusts the teacher with
 * nothing: rows must be as wide as it said and be those of every slot that is not padding, in
 * order. Used by one thread; many may share the teacher.
 */
public final class StatisticsAssembler {
  private final DenseTeacher teacher;
  private final StatisticSpec spec;
  private final int vocabulary;
  private final Extractor extractor;
  private final RowStatistic row;

  /**
   * Asks {@code teacher} and keeps {@code spec}.
   *
   * @param vocabulary size of the tokenizer's vocabulary: only ids below it take part
   * @throws DataException if the teacher predicts fewer ids
   * @throws dev.stillhouse.storage.UsageException if the statistic keeps more
   */
  public StatisticsAssembler(DenseTeacher teacher, StatisticSpec spec, int vocabulary) {
    if (teacher.vocabulary() < vocabulary) {
      throw DataException.of(
          "teacher %s predicts %d ids, but the tokenizer's vocabulary has %d; choose the tokenizer"
              + " that the teacher was made for",
          teacher.fingerprint(), teacher.vocabulary(), vocabulary);
    }
    this.teacher = teacher;
    this.spec = spec.checkedAgainst(vocabulary);
    this.vocabulary = vocabulary;
    this.extractor = new PlainExtractor(vocabulary, spec.k());
    this.row = new RowStatistic(spec.k());
  }

  /** The statistics of one batch; its arrays are new. */
  public StatisticsBatch read(TokenBatch batch) {
    StatisticsBatch out = empty(batch);
    int slot = 0;
    try (LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        try (Logits lent = block) {
          slot = add(lent, skipPadding(out, slot), out);
        }
      }
    }
    slot = skipPadding(out, slot);
    if (slot < batch.slots()) {
      throw wrong(batch, slot, "gave no row for it");
    }
    return out;
  }

  private int add(Logits block, int slot, StatisticsBatch out) {
    TokenBatch batch = out.tokens();
    if (slot == batch.slots()) {
      throw wrong(batch, slot - 1, "gave more rows after this, the last slot");
    }
    if (block.width() != teacher.vocabulary()) {
      throw wrong(
          batch,
          slot,
          "gave rows of " + block.width() + " ids, but says it has " + teacher.vocabulary());
    }
    if (block.firstSlot() != slot) {
      throw wrong(batch, slot, "gave the row of slot " + block.firstSlot() + " where it was due");
    }
    for (int i = 0; i < block.count(); i++, slot++) {
      if (slot == batch.slots() || batch.padding(slot)) {
        throw wrong(batch, slot - 1, "gave more rows after this, the last slot that is no padding");
      }
      reduce(block, i, slot, out);
    }
    return slot;
  }

  private void reduce(Logits block, int i, int slot, StatisticsBatch out) {
    TokenBatch batch = out.tokens();
    int target = batch.target(slot);
    if (target >= vocabulary || (target < 0 && target != TokenBatch.NO_TARGET)) {
      throw DataException.of(
          "%s: the target, token id %d, is outside the vocabulary of %d",
          where(batch, slot), target, vocabulary);
    }
    try {
      extractor.extract(block.rows(), i * block.width(), target, row);
    } catch (DataException e) {
      throw new DataException(
          where(batch, slot) + ": " + e.getMessage() + " (teacher " + teacher.fingerprint() + ")",
          e);
    }
    int at = out.offsets()[slot];
    System.arraycopy(row.ids, 0, out.ids(), at, row.count);
    System.arraycopy(row.logProbs, 0, out.logProbs(), at, row.count);
    out.offsets()[slot + 1] = at + row.count;
    out.logTail()[slot] = row.logTail;
    out.entropy()[slot] = row.entropy;
    out.logNormaliser()[slot] = row.logNormaliser;
    out.targetLogProb()[slot] = row.targetLogProb;
  }

  /** The next slot that is not padding; what is passed over gets no entries. */
  private static int skipPadding(StatisticsBatch out, int slot) {
    while (slot < out.tokens().slots() && out.tokens().padding(slot)) {
      out.offsets()[slot + 1] = out.offsets()[slot];
      slot++;
    }
    return slot;
  }

  private StatisticsBatch empty(TokenBatch batch) {
    int slots = batch.slots();
    long entries = 0;
    for (int i = 0; i < slots; i++) {
      entries += batch.padding(i) ? 0 : spec.k();
    }
    if (entries > Integer.MAX_VALUE - 8) {
      throw DataException.of(
          "a batch of %d sequences of %d positions has %d entries at %s, need <= %d;"
              + " cut smaller batches",
          batch.sequences(), batch.length(), entries, spec, Integer.MAX_VALUE - 8);
    }
    return new StatisticsBatch(
        batch,
        new int[slots + 1],
        new int[(int) entries],
        new float[(int) entries],
        nulls(slots),
        nulls(slots),
        nulls(slots),
        nulls(slots));
  }

  private static float[] nulls(int slots) {
    float[] values = new float[slots];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  private DataException wrong(TokenBatch batch, int slot, String what) {
    return DataException.of(
        "%s: teacher %s %s; it must give each slot that is no padding once, in order",
        where(batch, slot), teacher.fingerprint(), what);
  }

  private static String where(TokenBatch batch, int slot) {
    return "sequence "
        + (batch.firstSequence() + slot / batch.length())
        + ", position "
        + slot % batch.length();
  }
}
