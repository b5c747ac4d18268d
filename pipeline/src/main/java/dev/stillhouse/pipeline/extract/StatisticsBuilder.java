package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * Collects the statistics of a batch whose rows come in any order: a teacher answers segments of
 * similar length together. Entries are kept as they come and sorted at the end.
 */
final class StatisticsBuilder {
  private static final int NOT_GIVEN = -1;
  private static final int MAX_ENTRIES = Integer.MAX_VALUE - 8;

  private final TokenBatch tokens;

  /** Entries of each slot, {@link #NOT_GIVEN} until its row came; 0 in padding. */
  private final int[] counts;

  /** Where each slot's entries begin. */
  private final int[] starts;

  /** All but the entries. */
  private final StatisticsBatch scalars;

  private int[] ids = new int[0];
  private float[] logProbs = new float[0];
  private Provenance provenance;
  private int entries;
  private int firstMissing;

  StatisticsBuilder(TokenBatch batch, Selection selection) {
    tokens = batch;
    int slots = batch.slots();
    counts = new int[slots];
    starts = new int[slots];
    for (int i = 0; i < slots; i++) {
      counts[i] = batch.padding(i) ? 0 : NOT_GIVEN;
    }
    scalars = StatisticsBatch.nulls(selection.spec(), batch);
    provenance = Provenance.room(selection.spec(), 1);
  }

  TokenBatch tokens() {
    return tokens;
  }

  boolean has(int slot) {
    return counts[slot] != NOT_GIVEN;
  }

  void put(int slot, RowStatistic row) {
    makeRoom(row.count);
    System.arraycopy(row.ids, 0, ids, entries, row.count);
    System.arraycopy(row.logProbs, 0, logProbs, entries, row.count);
    row.provenance.copy(0, provenance, entries, row.count);
    starts[slot] = entries;
    counts[slot] = row.count;
    entries += row.count;
    scalars.logTail()[slot] = row.logTail;
    scalars.entropy()[slot] = row.entropy;
    scalars.logNormaliser()[slot] = row.logNormaliser;
    scalars.targetLogProb()[slot] = row.targetLogProb;
    for (int i = 0; i < scalars.further().length; i++) {
      scalars.further()[i][slot] = row.further[i];
    }
  }

  /** Says that nothing is known of a position: all of its mass is in the tail. */
  void putNothing(int slot) {
    starts[slot] = entries;
    counts[slot] = 0;
    scalars.logTail()[slot] = 0;
  }

  private void makeRoom(int more) {
    long needed = (long) entries + more;
    if (needed <= ids.length) {
      return;
    }
    if (needed > MAX_ENTRIES) {
      throw DataException.of(
          "a batch of %d sequences of %d positions has more than %d entries; cut smaller batches",
          tokens.sequences(), tokens.length(), MAX_ENTRIES);
    }
    // The first row tells what all together will need, as a rule.
    long guess = ids.length == 0 ? (long) more * tokens.slots() : needed + needed / 2;
    int room = (int) Math.min(MAX_ENTRIES, Math.max(needed, guess));
    ids = Arrays.copyOf(ids, room);
    logProbs = Arrays.copyOf(logProbs, room);
    Provenance larger = provenance.room(room);
    provenance.copy(0, larger, 0, entries);
    provenance = larger;
  }

  /** Returns the first slot without a row, or -1 if there is none. Rows do not go away. */
  int firstMissing() {
    while (firstMissing < counts.length && counts[firstMissing] != NOT_GIVEN) {
      firstMissing++;
    }
    return firstMissing == counts.length ? -1 : firstMissing;
  }

  StatisticsBatch finish() {
    int[] offsets = new int[counts.length + 1];
    boolean inOrder = true;
    for (int i = 0; i < counts.length; i++) {
      inOrder &= counts[i] == 0 || starts[i] == offsets[i];
      offsets[i + 1] = offsets[i] + counts[i];
    }
    if (!inOrder) {
      order(offsets);
    }
    return scalars.withEntries(offsets, ids, logProbs, provenance);
  }

  private void order(int[] offsets) {
    int[] orderedIds = new int[entries];
    float[] orderedLogProbs = new float[entries];
    Provenance ordered = provenance.room(entries);
    for (int i = 0; i < counts.length; i++) {
      System.arraycopy(ids, starts[i], orderedIds, offsets[i], counts[i]);
      System.arraycopy(logProbs, starts[i], orderedLogProbs, offsets[i], counts[i]);
      provenance.copy(starts[i], ordered, offsets[i], counts[i]);
    }
    ids = orderedIds;
    logProbs = orderedLogProbs;
    provenance = ordered;
  }
}
