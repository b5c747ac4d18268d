package dev.stillhouse.storage;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a JSON record in words for people: the field, its value, the rule. The
 * library's own words name classes of this program, which mean nothing to the person who wrote the
 * file.
 */
final class JsonError {
  private static final int MAX_VALUE = 60;

  /** Bytes of the largest record that is read a second time, to show the value. */
  private static final int MAX_BYTES = 1 << 26;

  private static final Pattern LACKS =
      Pattern.compile("(?:Missing|Null value for) .*?creator property '([^']+)'");

  private JsonError() {}

  /** Returns the error for the record in {@code blob} that could not be read. */
  static DataException of(JsonMapper mapper, String blob, byte[] json, JsonProcessingException e) {
    String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
    String told =
        e instanceof JsonMappingException mapping && !(e.getCause() instanceof JsonParseException)
            ? field(mapper, json, mapping)
            : "this is not the JSON it must be: " + JsonErrors.words(e);
    return new DataException(blob + line + ": " + told, e);
  }

  private static String field(JsonMapper mapper, byte[] json, JsonMappingException e) {
    String field = path(e.getPath());
    if (e instanceof PropertyBindingException unknown) {
      return "field " + field + " is not known; need one of " + known(unknown);
    }
    Matcher lacks = LACKS.matcher(e.getOriginalMessage());
    if (lacks.find()) {
      boolean missing = e.getOriginalMessage().startsWith("Missing");
      return "field "
          + join(without(e.getPath(), lacks.group(1)), lacks.group(1))
          + (missing ? " is missing" : " is null");
    }
    if (e.getCause() instanceof DataException rule) {
      return (field.isEmpty() ? "" : "field " + field + ": ") + rule.getMessage();
    }
    if (e.getCause() instanceof NullPointerException) { // Of the copy of a list.
      return "this is not the JSON it must be: "
          + (field.isEmpty() ? "a list" : "field " + field)
          + " holds a null";
    }
    if (e instanceof MismatchedInputException mismatch) {
      String is = field.isEmpty() ? "it is " : "field " + field + " is ";
      return is + value(mapper, json, e.getPath()) + need(mismatch.getTargetType());
    }
    return "field " + field + ": " + JsonErrors.words(e);
  }

  private static String known(PropertyBindingException e) {
    return e.getKnownPropertyIds() == null ? "none" : e.getKnownPropertyIds().toString();
  }

  private static String need(@Nullable Class<?> type) {
    if (type == null) {
      return "";
    }
    if (type == int.class || type == Integer.class) {
      return "; need a whole number of 32 bits";
    }
    if (type == long.class || type == Long.class) {
      return "; need a whole number of 64 bits";
    }
    if (type == double.class || type == Double.class || type == float.class) {
      return "; need a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "; need true or false";
    }
    if (type == String.class) {
      return "; need a text";
    }
    return Iterable.class.isAssignableFrom(type) ? "; need a list" : "; need an object";
  }

  private static List<JsonMappingException.Reference> without(
      List<JsonMappingException.Reference> path, String field) {
    int last = path.size() - 1;
    return last >= 0 && field.equals(path.get(last).getFieldName()) ? path.subList(0, last) : path;
  }

  private static String join(List<JsonMappingException.Reference> path, String field) {
    String before = path(path);
    return before.isEmpty() ? field : before + "." + field;
  }

  private static String path(List<JsonMappingException.Reference> path) {
    StringBuilder text = new StringBuilder();
    for (JsonMappingException.Reference step : path) {
      if (step.getFieldName() == null) {
        text.append('[').append(step.getIndex()).append(']');
      } else {
        text.append(text.length() == 0 ? "" : ".").append(step.getFieldName());
      }
    }
    return text.toString();
  }

  private static String value(
      JsonMapper mapper, byte[] json, List<JsonMappingException.Reference> path) {
    if (json.length > MAX_BYTES) {
      return "another value";
    }
    try {
      JsonNode node = mapper.readTree(json);
      for (JsonMappingException.Reference step : path) {
        node =
            step.getFieldName() == null
                ? node.path(step.getIndex())
                : node.path(step.getFieldName());
      }
      String text = node instanceof MissingNode ? "another value" : node.toString();
      return text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) + "..." : text;
    } catch (IOException e) {
      return "another value"; // What comes behind it is no JSON.
    }
  }
}
