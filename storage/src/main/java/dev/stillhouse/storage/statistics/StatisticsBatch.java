package dev.stillhouse.storage.statistics;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;

/**
 * What a teacher said about the next token at every slot of a run of sequences. Slot {@code i} is
 * row-major as in {@link TokenBatch}; its kept entries are {@code offsets[i] .. offsets[i+1]}, best
 * first. NaN in a scalar means null: padding, no target, or a normaliser the teacher does not give.
 *
 * @param tokens the sequences themselves: a statistic never travels without its tokens (law 1)
 * @param offsets start of each slot's entries, {@code slots + 1} values from 0
 * @param ids token ids of the kept entries
 * @param logProbs their natural log-probs (nats), against the full vocabulary
 * @param provenance what these entries are there for
 * @param logTail log of the mass that was not kept; -inf when nothing is left
 * @param entropy nats
 * @param logNormaliser log-sum-exp of the teacher's logits
 * @param targetLogProb log-prob of the slot's target
 * @param normalisersAt log-sum-exp of the logits at each temperature of the {@link StatisticSpec},
 *     {@code [temperatures][slots]}
 */
@SuppressWarnings("ArrayRecordComponent") // Batches are carriers: never compared, never keys.
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
    float[][] normalisersAt) {

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
            && Arrays.stream(normalisersAt).allMatch(values -> values.length == slots),
        "StatisticsBatch: provenance or normalisers do not fit %s entries in %s slots",
        offsets[slots],
        slots);
  }

  /** A batch whose entries all have one reason, without further normalisers. */
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

  /** The same statistics beside tokens that are numbered otherwise. */
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
        normalisersAt);
  }

  /** Kept entries over all slots. */
  public int entries() {
    return offsets[tokens.slots()];
  }

  /** Index of token {@code id} among the kept entries of slot {@code i}, or -1. */
  public int find(int i, int id) {
    for (int e = offsets[i]; e < offsets[i + 1]; e++) {
      if (ids[e] == id) {
        return e;
      }
    }
    return -1;
  }
}
