package dev.stillhouse.pipeline.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.stillhouse.storage.JsonErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the text in one line of JSON. Other fields are parsed but not held, so that neither their
 * numbers nor their depth take memory.
 */
final class JsonLine {
  /** Max depth of nesting in a line: it limits the parser's memory. */
  private static final int DEEPEST = 10_000;

  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(DEEPEST)
          .maxStringLength(LineReader.LONGEST_LINE)
          .maxNumberLength(LineReader.LONGEST_LINE)
          .maxNameLength(LineReader.LONGEST_LINE)
          .build();

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Which of two equal fields is meant is a guess that a reader must not make.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Names are the user's: none is worth keeping for the JVM's life.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(LIMITS)
          .build();

  private JsonLine() {}

  /** Reports that a line is no object with the text, and which rule it breaks. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final String rule;

    Refused(String rule) {
      super(rule);
      this.rule = rule;
    }

    /** Returns the rule that the line breaks, as in "is not JSON". */
    String rule() {
      return rule;
    }
  }

  /** Returns the string in the field of this name of the line's object. */
  static String text(String line, String field) throws Refused {
    try (JsonParser in = JSON.createParser(line)) {
      JsonToken first = in.nextToken();
      if (first != JsonToken.START_OBJECT) {
        in.skipChildren();
        end(in);
        throw new Refused("is a JSON " + kind(first) + ", need an object");
      }
      List<String> present = new ArrayList<>();
      JsonToken found = null;
      String text = "";
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        if (name.equals(field)) {
          found = value;
          text = value == JsonToken.VALUE_STRING ? in.getText() : "";
        } else if (found == null) {
          present.add(name);
        }
        in.skipChildren();
      }
      end(in);
      return checked(field, found, text, present);
    } catch (JsonProcessingException e) {
      throw new Refused(JsonErrors.reason(e, LIMITS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(JsonParser in) throws IOException, Refused {
    if (in.nextToken() != null) {
      throw new Refused("is not JSON: more follows its first value; need one object a line");
    }
  }

  private static String checked(
      String field, @Nullable JsonToken found, String text, List<String> present) throws Refused {
    if (found == null) {
      throw new Refused(
          "has no field '" + field + "'; present: " + present + " (see --text-field)");
    }
    if (found != JsonToken.VALUE_STRING) {
      throw new Refused("field '" + field + "' is a JSON " + kind(found) + ", need a string");
    }
    return text;
  }

  private static String kind(@Nullable JsonToken token) {
    return switch (token == null ? JsonToken.NOT_AVAILABLE : token) {
      case START_OBJECT -> "object";
      case START_ARRAY -> "array";
      case VALUE_STRING -> "string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      case VALUE_TRUE, VALUE_FALSE -> "boolean";
      case VALUE_NULL -> "null";
      default -> "nothing";
    };
  }
}
