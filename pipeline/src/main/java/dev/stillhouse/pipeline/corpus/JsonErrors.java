package dev.stillhouse.pipeline.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/** Says what is wrong with a JSON text in words for people; the parser's own name its classes. */
final class JsonErrors {
  private JsonErrors() {}

  /**
   * Returns what a text is, as in "is not JSON: Unexpected character".
   *
   * @param limits that the parser had
   */
  static String reason(JsonProcessingException e, StreamReadConstraints limits) {
    if (e instanceof StreamConstraintsException) {
      return "is beyond a limit of what is read of JSON: " + limit(e.getOriginalMessage(), limits);
    }
    // As in "(start marker at [Source: ...; line: 1, column: 1])".
    String message = e.getOriginalMessage().replaceAll("\\s*\\([a-z A-Z]* at \\[.*]\\)", "");
    return "is not JSON: " + message;
  }

  private static String limit(String message, StreamReadConstraints limits) {
    if (message.contains("nesting depth")) {
      return "it is nested deeper than " + limits.getMaxNestingDepth() + " levels";
    }
    if (message.startsWith("Number")) {
      return "it has a number of more than " + limits.getMaxNumberLength() + " characters";
    }
    if (message.startsWith("Name")) {
      return "it has a name of more than " + limits.getMaxNameLength() + " characters";
    }
    if (message.startsWith("String")) {
      return "it has a string of more than " + limits.getMaxStringLength() + " characters";
    }
    return message.replaceAll("\\s*\\(.*", "");
  }
}
