package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;

/**
 * Some sequences of a source, and their number in all.
 *
 * @param batches cut as an extraction cuts them
 * @param sequences of the whole source; an estimate unless {@code exact}
 * @param exact whether the whole source was counted
 * @param packingSeconds that packing the whole source takes one thread; 0 if it is packed
 * @param skipped documents in the sample that could not be read
 */
public record TokenEstimate(
    List<TokenBatch> batches,
    long sequences,
    boolean exact,
    double packingSeconds,
    Skipped skipped) {
  public TokenEstimate {
    batches = List.copyOf(batches);
  }

  /** Returns the number of sequences in the batches. */
  public int sampled() {
    return batches.stream().mapToInt(TokenBatch::sequences).sum();
  }

  /** Returns the slots of a sequence that are not padding, on average. */
  public double positionsPerSequence() {
    long positions = batches.stream().mapToLong(TokenBatch::positions).sum();
    return (double) positions / Math.max(1, sampled());
  }
}
