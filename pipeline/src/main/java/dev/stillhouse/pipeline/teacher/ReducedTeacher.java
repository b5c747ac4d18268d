package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Set;

/** A teacher that gives finished statistics: a served model, whose logits stay where they are. */
@PublicApi
public non-sealed interface ReducedTeacher extends Teacher {
  /** Scalars of a position that such a teacher may be unable to give. */
  enum Scalar {
    LOG_TAIL,
    ENTROPY,
    LOG_NORMALISER,
    TARGET_LOG_PROB
  }

  /**
   * Returns the scalars that it cannot give. They are NaN at every slot of what {@link #read}
   * returns.
   */
  Set<Scalar> cannotGive();

  /**
   * Checks that it can give the entries and the further numbers of a statistic. It is called before
   * any work is done.
   *
   * @throws dev.stillhouse.storage.UsageException if it cannot, with the reason
   */
  void check(Selection selection);

  /**
   * Returns the statistics of every slot that is not padding; padding has no entries and NaN
   * scalars.
   *
   * <p>Safe for many threads. The call may be interrupted when its answer is no longer needed.
   *
   * @param selection decides the columns
   * @throws dev.stillhouse.storage.DataException if the answer is not one of a distribution
   */
  StatisticsBatch read(TokenBatch batch, Selection selection);

  /**
   * Returns the number of positions that each extracting thread may ask for before the first of
   * them is answered. At 0, the default, a thread asks about one batch at a time, though ahead.
   */
  default int positionsAhead() {
    return 0;
  }
}
