package dev.stillhouse.pipeline.corpus;

import java.io.IOException;

/** A compressed stream that is sound, and of a kind that is not read here. */
final class UnreadStreamException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * A reason.
   *
   * @param message goes on where "the zstd stream" ends, and says what to do
   */
  UnreadStreamException(String message) {
    super(message);
  }
}
