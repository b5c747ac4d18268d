package dev.stillhouse.pipeline.teacher.served;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reports that a server gave no answer, which another attempt may bring. */
final class TryAgainException extends IOException {
  private static final long serialVersionUID = 1;

  /** How a server failed. */
  enum Kind {
    /** It is not there: no connection, or it says that it is not ready. */
    AWAY,
    /** It asks for fewer requests. */
    BUSY,
    /** It failed on this request: an error of its own, or an answer without its end. */
    FAILED
  }

  private final Kind kind;
  private final Duration after;

  TryAgainException(Kind kind, String message, Duration after, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.after = after;
  }

  Kind kind() {
    return kind;
  }

  /** Returns how long the server asks to be left alone; zero if it does not say. */
  Duration after() {
    return after;
  }
}
