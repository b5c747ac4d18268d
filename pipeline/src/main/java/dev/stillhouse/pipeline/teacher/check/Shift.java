package dev.stillhouse.pipeline.teacher.check;

import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Optional;

/** Finds whether rows predict the next token, or their own or the one after. */
final class Shift {
  private static final int FEWEST = 32;

  /**
   * Nats a position by which another token must fit better: chance gives less over that number of
   * positions.
   */
  private static final double CLEARLY = 1;

  private Shift() {}

  static Optional<TeacherFinding> of(Rows rows, TokenBatch batch) {
    double own = 0;
    double next = 0;
    double after = 0;
    int count = 0;
    for (int slot = 0; slot < batch.slots(); slot++) {
      if (rows.has(slot)
          && batch.target(slot) != TokenBatch.NO_TARGET
          && batch.target(slot + 1) != TokenBatch.NO_TARGET) {
        own += rows.logProb(slot, batch.tokens()[slot]);
        next += rows.logProb(slot, batch.tokens()[slot + 1]);
        after += rows.logProb(slot, batch.tokens()[slot + 2]);
        count++;
      }
    }
    double better = (Math.max(own, after) - next) / Math.max(1, count);
    return count < FEWEST || better < CLEARLY
        ? Optional.empty()
        : Optional.of(new TeacherFinding(TeacherFinding.Promise.NEXT_TOKEN, better, 0));
  }
}
