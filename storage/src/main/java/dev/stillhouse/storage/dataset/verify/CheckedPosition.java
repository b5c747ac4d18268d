package dev.stillhouse.storage.dataset.verify;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.statistics.StatisticsBatch;

/**
 * A slot of a batch that is being checked.
 *
 * @param blob where it was read from, for errors
 */
record CheckedPosition(String blob, StatisticsBatch batch, int slot) {
  /** Returns the index of the slot's first entry. */
  int from() {
    return batch.offsets()[slot];
  }

  /** Returns the index behind the slot's last entry. */
  int to() {
    return batch.offsets()[slot + 1];
  }

  /** Returns the token that the slot predicts, or {@code TokenBatch.NO_TARGET}. */
  int target() {
    return batch.tokens().target(slot);
  }

  /** Returns the log-prob of entry {@code e}. */
  float logProb(int e) {
    return batch.logProbs()[e];
  }

  /** Returns an error that says where the slot is. */
  @FormatMethod
  DamagedBlobException wrong(@FormatString String reason, Object... values) {
    int length = batch.tokens().length();
    long sequence = batch.tokens().firstSequence() + slot / length;
    return new DamagedBlobException(
        blob,
        0,
        "sequence "
            + sequence
            + ", position "
            + slot % length
            + ": "
            + String.format(reason, values));
  }
}
