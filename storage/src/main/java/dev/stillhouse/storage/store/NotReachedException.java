package dev.stillhouse.storage.store;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a store was asked and gave no answer. The blob may be there and right: it must not
 * be taken for missing or damaged.
 */
public class NotReachedException extends DataException {
  private static final long serialVersionUID = 1;

  /** The reasons why there is no answer. */
  public enum Why {
    /** No connection, or an error of the server or of the disk. */
    UNREACHABLE("unreachable"),
    /** No answer in time. */
    LATE("late"),
    /** The right to ask is missing. */
    REFUSED("refused"),
    /** The store asked to be asked less often, for as long as it was waited for. */
    BUSY("busy");

    private final String word;

    Why(String word) {
      this.word = word;
    }

    /** Returns the word for people and programs. */
    public String word() {
      return word;
    }
  }

  private final Why why;

  public NotReachedException(Why why, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.why = why;
  }

  /** Returns why there is no answer. */
  public Why why() {
    return why;
  }

  /** Returns whether a failure, or one of its causes, is that a store was not reached. */
  public static boolean isIn(Throwable error) {
    return Throwables.getCausalChain(error).stream()
        .anyMatch(
            e ->
                e instanceof NotReachedException
                    || (e instanceof UnreadableBlobException all && all.notReached()));
  }
}
