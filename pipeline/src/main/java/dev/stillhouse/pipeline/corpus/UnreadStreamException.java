package dev.stillhouse.pipeline.corpus;

import java.io.IOException;

/** Reports a compressed stream that is valid, but of a kind that is not read here. */
final class UnreadStreamException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an error.
   *
   * @param message text that follows "the zstd stream", and says what to do
   */
  UnreadStreamException(String message) {
    super(message);
  }
}
