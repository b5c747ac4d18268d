package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.StatisticSpec;
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
   * Returns the statistics of every slot that is not padding; padding has no entries and NaN
   * scalars.
   *
   * @param spec decides the columns
   * @throws dev.stillhouse.storage.DataException if the answer is not one of a distribution
   */
  StatisticsBatch read(TokenBatch batch, StatisticSpec spec);
}
