package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.statistics.TokenBatch;

/** A teacher that gives the logits of the whole vocabulary at every position. */
public non-sealed interface DenseTeacher extends Teacher {
  /**
   * The logits of every slot that is not padding, each once, in an order that is the teacher's own.
   * Row of slot t: the teacher's distribution of the next token, given the tokens of slot t's
   * segment up to t.
   *
   * <p>Safe to call from many threads at once; the state of a call lives in its cursor.
   *
   * @throws dev.stillhouse.storage.DataException for a token id that the teacher does not know
   */
  LogitsCursor read(TokenBatch batch);
}
