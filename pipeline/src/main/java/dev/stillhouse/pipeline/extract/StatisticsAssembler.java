package dev.stillhouse.pipeline.extract;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;

/**
 * Asks a dense teacher for batches and keeps one statistic of every row. It checks the teacher:
 * rows must have the stated width, and each slot that is not padding must come once. For one
 * thread; many may share the teacher.
 */
public final class StatisticsAssembler {
  private final DenseTeacher teacher;
  private final Selection selection;
  private final Extractor extractor;
  private final RowStatistic row;

  /** Creates an assembler of {@code spec}, which forces no ids. */
  public StatisticsAssembler(DenseTeacher teacher, StatisticSpec spec, int vocabulary) {
    this(
        teacher,
        new Selection(vocabulary, check(teacher, spec, vocabulary), ImmutableIntArray.of()));
  }

  /**
   * Creates an assembler of {@code selection}; only the ids of its vocabulary take part.
   *
   * @throws DataException if the teacher predicts fewer ids
   */
  public StatisticsAssembler(DenseTeacher teacher, Selection selection) {
    check(teacher, selection.spec(), selection.vocabulary());
    this.teacher = teacher;
    this.selection = selection;
    this.extractor = Extractors.create(selection);
    this.row = new RowStatistic(selection);
  }

  /**
   * Returns the statistic, if the teacher fits it.
   *
   * @param vocabulary size of the tokenizer's vocabulary
   * @throws DataException if the teacher predicts fewer ids
   * @throws dev.stillhouse.storage.UsageException if the statistic keeps more
   */
  public static StatisticSpec check(DenseTeacher teacher, StatisticSpec spec, int vocabulary) {
    if (teacher.vocabulary() < vocabulary) {
      throw DataException.of(
          "teacher %s predicts %d ids, but the tokenizer's vocabulary has %d; choose the tokenizer"
              + " that the teacher was made for",
          teacher.fingerprint(), teacher.vocabulary(), vocabulary);
    }
    return spec.checkedAgainst(vocabulary);
  }

  /** Returns the statistics of one batch, in new arrays. */
  public StatisticsBatch read(TokenBatch batch) {
    StatisticsBuilder builder = new StatisticsBuilder(batch, selection);
    try (LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        try (Logits lent = block) {
          add(lent, builder);
        }
      }
    }
    for (int missing = builder.firstMissing(); missing >= 0; missing = builder.firstMissing()) {
      if (teacher.hasRow(batch, missing)) {
        throw wrong(batch, missing, "gave no row for it");
      }
      builder.putNothing(missing);
    }
    return builder.finish();
  }

  private void add(Logits block, StatisticsBuilder into) {
    TokenBatch batch = into.tokens();
    int slot = block.firstSlot();
    if (slot >= batch.slots()) {
      throw wrong(
          batch, batch.slots() - 1, "gave the row of slot " + slot + " after this, the last");
    }
    if (block.width() != teacher.vocabulary()) {
      throw wrong(
          batch,
          slot,
          "gave rows of " + block.width() + " ids, but says it has " + teacher.vocabulary());
    }
    for (int i = 0; i < block.count(); i++, slot++) {
      if (slot == batch.slots() || batch.padding(slot)) {
        throw wrong(batch, slot - 1, "gave a row after this, the last slot that is no padding");
      }
      if (into.has(slot)) {
        throw wrong(batch, slot, "gave its row twice");
      }
      reduce(block, i, slot, into);
    }
  }

  private void reduce(Logits block, int i, int slot, StatisticsBuilder into) {
    TokenBatch batch = into.tokens();
    int vocabulary = selection.vocabulary();
    int target = batch.target(slot);
    if (target >= vocabulary || (target < 0 && target != TokenBatch.NO_TARGET)) {
      throw DataException.of(
          "%s: the target, token id %d, is outside the vocabulary of %d",
          where(batch, slot), target, vocabulary);
    }
    try {
      extractor.extract(
          block.rows(),
          i * block.width(),
          target,
          batch.firstSequence() + slot / batch.length(),
          slot % batch.length(),
          row);
    } catch (DataException e) {
      throw new DataException(
          where(batch, slot) + ": " + e.getMessage() + " (teacher " + teacher.fingerprint() + ")",
          e);
    }
    into.put(slot, row);
  }

  private DataException wrong(TokenBatch batch, int slot, String what) {
    return DataException.of(
        "%s: teacher %s %s; it must give each slot that is no padding once",
        where(batch, slot), teacher.fingerprint(), what);
  }

  private static String where(TokenBatch batch, int slot) {
    return "sequence "
        + (batch.firstSequence() + slot / batch.length())
        + ", position "
        + slot % batch.length();
  }
}
