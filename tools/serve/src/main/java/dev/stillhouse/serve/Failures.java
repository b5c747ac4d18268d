package dev.stillhouse.serve;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.store.NotReachedException;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors as a client gets them: the message for a person, and a code for its program. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Returns the error of a call; one of ours keeps its message. */
  static FlightRuntimeException of(Throwable error) {
    if (error instanceof FlightRuntimeException ours) {
      return ours;
    }
    return status(error).withDescription(message(error)).withCause(error).toRuntimeException();
  }

  /** Returns the message for a person. */
  static String message(Throwable error) {
    Throwable known =
        Throwables.getCausalChain(error).stream()
            .filter(cause -> cause instanceof DataException || cause instanceof UsageException)
            .findFirst()
            .orElse(error);
    if (known == error && !(error instanceof DataException || error instanceof UsageException)) {
      LOG.warn("a call failed", error);
      return error instanceof OutOfMemoryError
          ? "the server is out of memory: ask for smaller batches, or start it with a larger heap"
          : "the server failed: " + error;
    }
    return String.valueOf(known.getMessage());
  }

  /** Returns {@code usage}, {@code unreached}, {@code data} or {@code server}. */
  static String kind(Throwable error) {
    for (Throwable cause : Throwables.getCausalChain(error)) {
      if (cause instanceof UsageException) {
        return "usage";
      }
      if (cause instanceof NotReachedException) {
        return "unreached";
      }
      if (cause instanceof DataException) {
        return "data";
      }
    }
    return "server";
  }

  private static CallStatus status(Throwable error) {
    return switch (kind(error)) {
      case "usage" -> CallStatus.INVALID_ARGUMENT;
      case "unreached" -> CallStatus.UNAVAILABLE;
      default -> CallStatus.INTERNAL;
    };
  }
}
