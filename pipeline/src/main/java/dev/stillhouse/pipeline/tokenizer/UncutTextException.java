package dev.stillhouse.pipeline.tokenizer;

import dev.stillhouse.storage.DataException;

/** Reports that a tokenizer cannot encode a text: it is long and has no place to cut. */
public final class UncutTextException extends DataException {
  private static final long serialVersionUID = 1;

  private final String reason;

  /**
   * Creates an error.
   *
   * @param source where the text comes from, for messages
   * @param reason what is wrong
   */
  UncutTextException(String source, String reason) {
    super(source + ": " + reason);
    this.reason = reason;
  }

  /** Returns what is wrong, without the source. */
  public String reason() {
    return reason;
  }
}
