package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.pipeline.tokenizer.UncutTextException;
import dev.stillhouse.storage.DataException;

/** A document cannot be read; the file it is in can. */
public final class BadDocumentException extends DataException {
  private static final long serialVersionUID = 1;

  private final String reason;

  /**
   * @param place the file, for messages
   * @param reason what is wrong, and where in the file
   */
  public BadDocumentException(String place, String reason) {
    super(place + ": " + reason);
    this.reason = reason;
  }

  /** A tokenizer refused the document's text. */
  public BadDocumentException(UncutTextException refused) {
    super(refused.getMessage(), refused);
    this.reason = refused.reason();
  }

  /** What is wrong, without the file's path. */
  public String reason() {
    return reason;
  }
}
