package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.OptionalInt;

/** A teacher that gives the logits of the whole vocabulary at every position. */
@PublicApi
public non-sealed interface DenseTeacher extends Teacher {
  /**
   * Returns the logits of every slot that {@link #hasRow has a row}, each once, in any order. The
   * row of slot t is the teacher's distribution of the next token, given the tokens of slot t's
   * segment up to t.
   *
   * <p>Safe for many threads; the state of a call lives in its cursor.
   *
   * @throws dev.stillhouse.storage.DataException for a token id that the teacher does not know
   */
  LogitsCursor read(TokenBatch batch);

  /**
   * Returns whether it has the row of a slot that is not padding; a recording may lack some. Of
   * such a position nothing is known: it has no entries, and all of its mass is in the tail.
   */
  default boolean hasRow(TokenBatch batch, int slot) {
    return true;
  }

  /**
   * Returns the max bytes of rows that wait for the extractor while this teacher works on, in a
   * thread of its own. 0, the default, is for a teacher that computes on this machine's processors:
   * each of these has a thread that extracts, so a thread more would gain nothing. A teacher that
   * computes elsewhere (on an accelerator, on another machine) returns the bytes of one call, or 1
   * for a single block. A block that is begun may exceed the limit. The teacher's calls may be
   * interrupted when their answer is no longer needed.
   */
  default int waitingBytes() {
    return 0;
  }

  /**
   * Returns the token that this teacher itself puts before every text, and that is no position of
   * the dataset; empty, the default, if there is none.
   */
  default OptionalInt firstToken() {
    return OptionalInt.empty();
  }
}
