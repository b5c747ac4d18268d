package dev.stillhouse.storage.store;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import org.jspecify.annotations.Nullable;

/**
 * A store was asked and did not say what it has. The blob may be there and right: whoever is told
 * this must neither take it for missing or damaged nor act on it.
 */
public class NotReachedException extends DataException {
  private static final long serialVersionUID = 1;

  /** What came instead of an answer. */
  public enum Why {
    /** Nothing, or a failure: no connection, an error of the server or of the disk. */
    UNREACHABLE("unreachable"),
    /** Nothing in the time that was given. */
    LATE("late"),
    /** A refusal: the right to ask is missing. */
    REFUSED("refused"),
    /** The wish to be asked less often, for as long as it was waited. */
    BUSY("busy");

    private final String word;

    Why(String word) {
      this.word = word;
    }

    /** For people and programs. */
    public String word() {
      return word;
    }
  }

  private final Why why;

  public NotReachedException(Why why, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.why = why;
  }

  /** What came instead of an answer. */
  public Why why() {
    return why;
  }

  /** Whether a failure, or one of those that led to it, is that a store was not reached. */
  public static boolean isIn(Throwable error) {
    return Throwables.getCausalChain(error).stream()
        .anyMatch(
            e ->
                e instanceof NotReachedException
                    || (e instanceof UnreadableBlobException all && all.notReached()));
  }
}
