package dev.stillhouse.storage.losses;

/** How far a student is from what is stored of its teacher, at one position. */
@FunctionalInterface
public interface StudentLoss {
  /**
   * The loss and its gradient.
   *
   * @param teacher what is stored
   * @param logits the student's, one for each id of the vocabulary: finite, or -inf where the
   *     student's vocabulary is masked
   * @throws dev.stillhouse.storage.UsageException if the two do not fit each other
   */
  Loss of(PositionStatistic teacher, double[] logits);
}
