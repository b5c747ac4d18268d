package dev.stillhouse.pipeline.teacher;

/**
 * A language model that is asked for its next-token distributions. One instance serves all threads
 * of a JVM, so every method is safe to call from any thread; {@link #close} is called once, when
 * nobody reads any more.
 *
 * <p>The answer for a position depends on its segment's tokens up to it and on nothing else: not on
 * the other rows of its batch as far as the text goes, not on time. Rounding inside a model may
 * depend on the shape of a batch, therefore batches are cut by the plan and never by timing (law
 * 4).
 */
public sealed interface Teacher extends AutoCloseable permits DenseTeacher, ReducedTeacher {
  /**
   * What decides this teacher's answers (weights, arithmetic, context window), as a short stable
   * text, usually a hash. No path, host or time: it is part of a dataset's identity.
   */
  String fingerprint();

  /**
   * How many ids this teacher predicts: the width of its rows. May be larger than the tokenizer's
   * vocabulary, where a model's matrix is padded.
   */
  int vocabulary();

  /** Whether the same batch gets the same bits on every run and machine. */
  boolean reproducible();

  /** What a teacher can be asked about. */
  enum Answers {
    /** Any tokens of its vocabulary, as a model. */
    ANY_TOKENS,
    /** The tokens that were recorded with its answers, and no others. */
    RECORDED_TOKENS,
    /** Its answers are made up and do not depend on tokens: for measurements. */
    MADE_UP
  }

  /** What it can be asked about, so that its promises can be checked before a job. */
  default Answers answers() {
    return Answers.ANY_TOKENS;
  }

  @Override
  void close();
}
