package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.OptionalInt;

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

  /**
   * Bytes of rows that may wait for the extractor while this teacher works on, in a thread of its
   * own: 0, the default, is asked for by one that computes on this machine's processors. Each of
   * these has a thread that extracts, so nothing would be gained. One that computes elsewhere (on
   * an accelerator, on another machine) asks for what it makes in one call, or 1 for a single
   * block. A block that is begun may go beyond. Its calls may be interrupted when nobody needs the
   * answer.
   */
  default int waitingBytes() {
    return 0;
  }

  /**
   * The token that this teacher puts before every text itself, and that is no position of the
   * dataset; empty, the default, if there is none.
   */
  default OptionalInt firstToken() {
    return OptionalInt.empty();
  }
}
