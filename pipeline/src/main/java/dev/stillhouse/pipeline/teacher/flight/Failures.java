package dev.stillhouse.pipeline.teacher.flight;

import com.google.common.base.Strings;
import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;

/** Errors of calls in words: a server that is away, or what is wrong with its answer. */
final class Failures {
  /** What pyarrow adds behind the server's message. */
  private static final Pattern NOISE =
      Pattern.compile(
          "\\. (?:gRPC client debug context|Client context|Detail): .*", Pattern.DOTALL);

  private static final Pattern ROW = Pattern.compile("row (\\d{1,9}): (.*)", Pattern.DOTALL);
  private static final int MAX_MESSAGE = 2000;

  private Failures() {}

  /** Tells that a server gave no answer; another one, or it itself later, may give it. */
  static final class AwayException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AwayException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Tells that the call was interrupted. */
  static boolean interrupted(Throwable error) {
    return Throwables.getCausalChain(error).stream()
        .anyMatch(InterruptedException.class::isInstance);
  }

  /**
   * Returns the error of a call.
   *
   * @param prompts what was asked; names sequence and position
   */
  static RuntimeException of(String server, Prompts prompts, RuntimeException error) {
    if (interrupted(error)) {
      Thread.currentThread().interrupt();
      return new DataException("interrupted while waiting for the teacher", error);
    }
    if (error instanceof FlightRuntimeException told) {
      return of(server, prompts, told);
    }
    if (error instanceof DataException) {
      return error;
    }
    return new DataException(
        server + ": the teacher's answer about " + prompts + " cannot be read: " + error, error);
  }

  private static RuntimeException of(String server, Prompts prompts, FlightRuntimeException told) {
    FlightStatusCode code = told.status().code();
    String message = message(told);
    Matcher row = ROW.matcher(message);
    if (row.matches()) {
      return new DataException(
          prompts.where(Integer.parseInt(row.group(1)))
              + ": "
              + row.group(2)
              + " (teacher at "
              + server
              + ")",
          told);
    }
    if (code.equals(FlightStatusCode.UNAUTHENTICATED)
        || code.equals(FlightStatusCode.UNAUTHORIZED)) {
      return UsageException.of(
          "%s: the teacher's server refuses the token: %s; give it as token-file=FILE, or in %s",
          server, message, FlightArgument.TOKEN_VARIABLE);
    }
    boolean cut = Throwables.getCausalChain(told).stream().anyMatch(IOException.class::isInstance);
    if (cut || away(code, message)) {
      return new AwayException(message, told);
    }
    return new DataException(server + ": the teacher failed at " + prompts + ": " + message, told);
  }

  private static boolean away(FlightStatusCode code, String message) {
    return code.equals(FlightStatusCode.UNAVAILABLE)
        || code.equals(FlightStatusCode.TIMED_OUT)
        || code.equals(FlightStatusCode.CANCELLED)
        || message.contains("RST_STREAM")
        || message.contains("Stream removed")
        || message.contains("Connection closed")
        || message.contains("end of stream");
  }

  /** Returns the server's words without the stack trace that pyarrow adds, and not too many. */
  private static String message(FlightRuntimeException told) {
    String description = Strings.nullToEmpty(told.status().description());
    String text = NOISE.matcher(description).replaceAll("").strip();
    String cause = Strings.nullToEmpty(Throwables.getRootCause(told).getMessage());
    if (text.isEmpty() || text.startsWith("io exception")) { // gRPC's own words tell nothing
      text = cause.isEmpty() ? told.status().code().name() : cause;
    }
    return text.substring(0, Math.min(MAX_MESSAGE, text.length()));
  }
}
