package dev.stillhouse.storage.statistics;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.PublicApi;
import java.util.Arrays;
import java.util.List;

/**
 * The statistics of the teacher's distributions at every slot of consecutive sequences. Slot {@code
 * i} is row-major as in {@link TokenBatch}; its kept entries are {@code offsets[i] ..
 * offsets[i+1]}, best first. NaN in a scalar means null: padding, no target, or a normaliser that
 * the teacher does not give.
 *
 * @param tokens the sequences themselves: a statistic never travels without its tokens (law 1)
 * @param offsets start of each slot's entries, {@code slots + 1} values from 0
 * @param ids token ids of the kept entries
 * @param logProbs their natural log-probs (nats), against the full vocabulary
 * @param provenance why these entries are kept
 * @param logTail log of the mass that was not kept; -inf if there is none
 * @param entropy nats
 * @param logNormaliser log-sum-exp of the teacher's logits
 * @param targetLogProb log-prob of the slot's target, nats
 * @param further the numbers that only some statistics have, in the order of {@link
 *     StatisticSpec#furtherScalars}, {@code [scalars][slots]}
 */
@SuppressWarnings("ArrayRecordComponent") // Batches are carriers: never compared, never keys.
@PublicApi
public record StatisticsBatch(
    TokenBatch tokens,
    int[] offsets,
    int[] ids,
    float[] logProbs,
    Provenance provenance,
    float[] logTail,
    float[] entropy,
    float[] logNormaliser,
    float[] targetLogProb,
    float[][] further) {

  public StatisticsBatch {
    int slots = tokens.slots();
    checkArgument(
        offsets.length == slots + 1
            && logTail.length == slots
            && entropy.length == slots
            && logNormaliser.length == slots
            && targetLogProb.length == slots,
        "StatisticsBatch: arrays do not fit %s slots",
        slots);
    checkArgument(
        ids.length >= offsets[slots] && logProbs.length >= offsets[slots],
        "StatisticsBatch: %s ids and %s log-probs, need %s",
        ids.length,
        logProbs.length,
        offsets[slots]);
    checkArgument(
        provenance.fits(offsets[slots])
            && Arrays.stream(further).allMatch(values -> values.length == slots),
        "StatisticsBatch: provenance or further scalars do not fit %s entries in %s slots",
        offsets[slots],
        slots);
  }

  /** Creates a batch whose entries all have one reason, without further scalars. */
  public StatisticsBatch(
      TokenBatch tokens,
      int[] offsets,
      int[] ids,
      float[] logProbs,
      float[] logTail,
      float[] entropy,
      float[] logNormaliser,
      float[] targetLogProb) {
    this(
        tokens,
        offsets,
        ids,
        logProbs,
        Provenance.NONE,
        logTail,
        entropy,
        logNormaliser,
        targetLogProb,
        new float[0][]);
  }

  /**
   * Returns a batch without entries whose scalars are all null, to be filled in place.
   *
   * @param spec decides the columns
   */
  public static StatisticsBatch nulls(StatisticSpec spec, TokenBatch tokens) {
    StatisticsBatch batch = room(tokens, 0, Provenance.room(spec, 0), spec.furtherScalars().size());
    Arrays.fill(batch.logTail, Float.NaN);
    Arrays.fill(batch.entropy, Float.NaN);
    Arrays.fill(batch.logNormaliser, Float.NaN);
    Arrays.fill(batch.targetLogProb, Float.NaN);
    for (float[] values : batch.further) {
      Arrays.fill(values, Float.NaN);
    }
    return batch;
  }

  /**
   * Returns a batch of no rows, with the columns of a statistic.
   *
   * @param length positions in each sequence (T)
   */
  public static StatisticsBatch empty(StatisticSpec spec, int length) {
    return nulls(spec, TokenBatch.room(0, 0, length));
  }

  /**
   * Joins batches of the same columns, in their order. Rows are numbered from 0.
   *
   * @param batches one or more
   */
  public static StatisticsBatch concat(List<StatisticsBatch> batches) {
    StatisticsBatch like = batches.get(0);
    int rows = batches.stream().mapToInt(batch -> batch.tokens.sequences()).sum();
    int entries = batches.stream().mapToInt(StatisticsBatch::entries).sum();
    StatisticsBatch all =
        room(
            TokenBatch.room(0, rows, like.tokens.length()),
            entries,
            like.provenance.room(entries),
            like.further.length);
    int at = 0;
    for (StatisticsBatch batch : batches) {
      batch.copyTo(all, at);
      at += batch.tokens.slots();
    }
    return all;
  }

  private static StatisticsBatch room(
      TokenBatch tokens, int entries, Provenance provenance, int scalars) {
    int slots = tokens.slots();
    return new StatisticsBatch(
        tokens,
        new int[slots + 1],
        new int[entries],
        new float[entries],
        provenance,
        new float[slots],
        new float[slots],
        new float[slots],
        new float[slots],
        new float[scalars][slots]);
  }

  /** Copies all rows to another batch, whose entries before slot {@code at} are in place. */
  private void copyTo(StatisticsBatch all, int at) {
    int slots = tokens.slots();
    System.arraycopy(tokens.tokens(), 0, all.tokens.tokens(), at, slots);
    System.arraycopy(tokens.segments(), 0, all.tokens.segments(), at, slots);
    System.arraycopy(logTail, 0, all.logTail, at, slots);
    System.arraycopy(entropy, 0, all.entropy, at, slots);
    System.arraycopy(logNormaliser, 0, all.logNormaliser, at, slots);
    System.arraycopy(targetLogProb, 0, all.targetLogProb, at, slots);
    for (int i = 0; i < further.length; i++) {
      System.arraycopy(further[i], 0, all.further[i], at, slots);
    }
    int first = all.offsets[at];
    System.arraycopy(ids, 0, all.ids, first, entries());
    System.arraycopy(logProbs, 0, all.logProbs, first, entries());
    provenance.copy(0, all.provenance, first, entries());
    for (int i = 0; i < slots; i++) {
      all.offsets[at + i + 1] = first + offsets[i + 1];
    }
  }

  /** Returns a copy of one row, which has the number that it has here. */
  public StatisticsBatch row(int row) {
    int length = tokens.length();
    int from = row * length;
    int first = offsets[from];
    int count = offsets[from + length] - first;
    float[][] scalars = new float[further.length][];
    for (int i = 0; i < further.length; i++) {
      scalars[i] = Arrays.copyOfRange(further[i], from, from + length);
    }
    int[] own = new int[length + 1];
    for (int i = 0; i <= length; i++) {
      own[i] = offsets[from + i] - first;
    }
    Provenance its = provenance.room(count);
    provenance.copy(first, its, 0, count);
    return new StatisticsBatch(
        new TokenBatch(
            tokens.firstSequence() + row,
            length,
            Arrays.copyOfRange(tokens.tokens(), from, from + length),
            Arrays.copyOfRange(tokens.segments(), from, from + length)),
        own,
        Arrays.copyOfRange(ids, first, first + count),
        Arrays.copyOfRange(logProbs, first, first + count),
        its,
        Arrays.copyOfRange(logTail, from, from + length),
        Arrays.copyOfRange(entropy, from, from + length),
        Arrays.copyOfRange(logNormaliser, from, from + length),
        Arrays.copyOfRange(targetLogProb, from, from + length),
        scalars);
  }

  /** Returns the same tokens and scalars with these entries. */
  public StatisticsBatch withEntries(
      int[] newOffsets, int[] newIds, float[] newLogProbs, Provenance newProvenance) {
    return new StatisticsBatch(
        tokens,
        newOffsets,
        newIds,
        newLogProbs,
        newProvenance,
        logTail,
        entropy,
        logNormaliser,
        targetLogProb,
        further);
  }

  /** Returns the same statistics beside tokens with other sequence numbers. */
  public StatisticsBatch withTokens(TokenBatch renumbered) {
    return new StatisticsBatch(
        renumbered,
        offsets,
        ids,
        logProbs,
        provenance,
        logTail,
        entropy,
        logNormaliser,
        targetLogProb,
        further);
  }

  /** Returns the number of kept entries over all slots. */
  public int entries() {
    return offsets[tokens.slots()];
  }

  /** Returns the index of token {@code id} among the kept entries of slot {@code i}, or -1. */
  public int find(int i, int id) {
    for (int e = offsets[i]; e < offsets[i + 1]; e++) {
      if (ids[e] == id) {
        return e;
      }
    }
    return -1;
  }
}
