package dev.stillhouse.storage;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import org.jspecify.annotations.Nullable;

/** Reports that a command or an API was used wrongly (exit code 2). Nothing was read or written. */
@PublicApi
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }

  /** Returns an error whose message is {@link String#format formatted}. */
  @FormatMethod
  public static UsageException of(@FormatString String format, @Nullable Object... arguments) {
    return new UsageException(String.format(format, arguments));
  }
}
