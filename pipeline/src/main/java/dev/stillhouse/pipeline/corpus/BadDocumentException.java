package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.pipeline.tokenizer.UncutTextException;
import dev.stillhouse.storage.DataException;

/** Reports that a document cannot be read. The rest of its file can. */
public final class BadDocumentException extends DataException {
  private static final long serialVersionUID = 1;

  private final String reason;

  /**
   * Creates an error.
   *
   * @param place the file, for messages
   * @param reason what is wrong, and where in the file
   */
  public BadDocumentException(String place, String reason) {
    super(place + ": " + reason);
    this.reason = reason;
  }

  /** Creates an error for a text that the tokenizer refused. */
  public BadDocumentException(UncutTextException refused) {
    super(refused.getMessage(), refused);
    this.reason = refused.reason();
  }

  /** Returns what is wrong, without the file's path. */
  public String reason() {
    return reason;
  }
}
