package dev.stillhouse.pipeline.teacher.served;

import dev.stillhouse.storage.DataException;

/** Reports an answer without its end: the server failed in the middle, and may be asked again. */
final class CutAnswerException extends DataException {
  private static final long serialVersionUID = 1;

  CutAnswerException(String message) {
    super(message);
  }
}
