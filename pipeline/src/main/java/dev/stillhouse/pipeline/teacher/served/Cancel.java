package dev.stillhouse.pipeline.teacher.served;

import com.google.common.io.Closeables;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Ends the reading of an answer that is no longer needed. An interrupt alone does not: the JDK's
 * stream of a body goes on waiting (JDK 17).
 */
final class Cancel {
  private @Nullable InputStream body;
  private boolean cancelled;

  /** Names the body that is read now. */
  synchronized void reading(InputStream answer) {
    body = answer;
    if (cancelled) {
      Closeables.closeQuietly(answer);
    }
  }

  /** Closes the body that is read now, and each that comes. */
  synchronized void cancel() {
    cancelled = true;
    Closeables.closeQuietly(body);
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }
}
