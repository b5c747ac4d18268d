package dev.stillhouse.storage;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reports that something is wrong with the data or the run (exit code 1). The message is for the
 * person who runs the command: what, where (file, line, blob, offset, sequence), the value, the
 * rule, what to do.
 */
@PublicApi
public class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Returns an error whose message is {@link String#format formatted}. */
  @FormatMethod
  public static DataException of(@FormatString String format, @Nullable Object... arguments) {
    return new DataException(String.format(format, arguments));
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
