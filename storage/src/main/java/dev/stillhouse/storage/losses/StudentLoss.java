package dev.stillhouse.storage.losses;

/** Measures how far a student is from its teacher's stored statistic, at one position. */
@FunctionalInterface
public interface StudentLoss {
  /**
   * Returns the loss and its gradient.
   *
   * @param teacher the stored statistic
   * @param logits the student's, one for each id of the vocabulary: finite, or -inf where the
   *     student's vocabulary is masked
   * @throws dev.stillhouse.storage.UsageException if the two do not fit each other
   */
  Loss of(PositionStatistic teacher, double[] logits);
}
