package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.manifest.TeacherNote;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.Optional;

/**
 * A language model that gives next-token distributions. One instance serves all threads of a JVM,
 * so every method is safe for any thread. {@link #close} is called once, after all reads.
 *
 * <p>The answer for a position depends on its segment's tokens up to it and on nothing else: not on
 * the text of other rows of its batch, not on time. Rounding inside a model may depend on the shape
 * of a batch, therefore batches are cut by the plan and never by timing (law 4).
 */
@PublicApi
public sealed interface Teacher extends AutoCloseable permits DenseTeacher, ReducedTeacher {
  /**
   * Returns a hash or short stable text of all that decides this teacher's answers (weights,
   * arithmetic, context window). It has no path, host or time, since it is part of a dataset's
   * identity.
   */
  String fingerprint();

  /**
   * Returns the number of ids that this teacher predicts: the width of its rows. It may be larger
   * than the tokenizer's vocabulary, if a model's matrix is padded. It is {@link Integer#MAX_VALUE}
   * of a teacher that gives finished statistics and does not tell.
   */
  int vocabulary();

  /** Returns whether the same batch gets the same bits on every run and machine. */
  boolean reproducible();

  /**
   * Returns one line about what was found when it was opened, for the person who begins a job:
   * version, model, limits. Empty, the default, if there is nothing to find.
   */
  default Optional<String> notice() {
    return Optional.empty();
  }

  /** Which tokens a teacher can answer for. */
  enum Answers {
    /** Any tokens of its vocabulary, as a model. */
    ANY_TOKENS,
    /** Only the tokens that were recorded with its answers. */
    RECORDED_TOKENS,
    /** Any tokens, with invented answers that do not depend on them: for measurements. */
    MADE_UP
  }

  /** Returns which tokens it can answer for, so that its promises can be checked before a job. */
  default Answers answers() {
    return Answers.ANY_TOKENS;
  }

  /**
   * Returns how exact its log-probs were of a batch that was extracted: its rounding, and how much
   * mass was above one. Empty, the default, if nothing is to be said.
   */
  default Optional<TeacherNote> note(StatisticsBatch answer) {
    return Optional.empty();
  }

  @Override
  void close();
}
