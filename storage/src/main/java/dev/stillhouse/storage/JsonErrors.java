package dev.stillhouse.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.util.regex.Pattern;

/**
 * Says what is wrong with a JSON text in words for people. The parser's own words name its classes.
 */
public final class JsonErrors {
  /** Matches text such as "(start marker at [Source: ...; line: 1, column: 1])". */
  private static final Pattern MARKER = Pattern.compile("\\s*\\([a-z A-Z]* at \\[.*]\\)");

  private static final Pattern SOURCE = Pattern.compile("\\[Source: [^\\]]*?; (?=line)");
  private static final Pattern CODE =
      Pattern.compile(",? ?(?:from )?`[^`]*`|\\(\\S+\\.[A-Z]\\w+\\)");
  private static final Pattern TOKEN = Pattern.compile("\\b(VALUE|START|END|FIELD)_[A-Z_]+");

  private JsonErrors() {}

  /**
   * Returns why a text is no JSON, as in "is not JSON: Unexpected character".
   *
   * @param limits the limits of the parser
   */
  public static String reason(JsonProcessingException e, StreamReadConstraints limits) {
    return e instanceof StreamConstraintsException
        ? "is beyond a limit of what is read of JSON: " + limit(e.getOriginalMessage(), limits)
        : "is not JSON: " + words(e);
  }

  /** Returns the parser's words without the names of classes. */
  public static String words(JsonProcessingException e) {
    String words = MARKER.matcher(e.getOriginalMessage()).replaceAll("");
    words = CODE.matcher(SOURCE.matcher(words).replaceAll("")).replaceAll("");
    return TOKEN.matcher(words).replaceAll("a value");
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
