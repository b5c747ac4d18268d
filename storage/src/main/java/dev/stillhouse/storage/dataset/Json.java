package dev.stillhouse.storage.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JSON of records: fields in the order of their declaration, nothing unknown, nothing left out. */
public final class Json {
  /** Names the value of a text that is left out where it is empty. */
  public static final String ABSENT_TEXT = "absent-text";

  private static final Logger LOG = LoggerFactory.getLogger(Json.class);
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(LogicalType.Textual, Json::textAlone)
          // Fields that came later, and what a file without them means.
          .injectableValues(
              new InjectableValues.Std()
                  .addValue(Skipped.ABSENT, Skipped.NONE)
                  .addValue(Origin.ABSENT, List.of())
                  .addValue(TeacherDoubt.ABSENT, List.of())
                  .addValue(ABSENT_TEXT, "")
                  .addValue(RegionList.NO_HOME, "")
                  .addValue(Pin.NO_REASON, ""))
          .build();

  private Json() {}

  /** A number or a truth value is no text. */
  private static void textAlone(MutableCoercionConfig text) {
    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  /** One line of JSON. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value, e);
    }
  }

  /** JSON that a person can read, as UTF-8 with a newline at its end. */
  public static byte[] pretty(Object value) {
    try {
      return (MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value, e);
    }
  }

  /** A record as it is kept: pretty, with its {@link Checksum}. */
  public static byte[] record(Object value) {
    return Checksum.add(pretty(value));
  }

  /** Reads a record that was kept: by its checksum, if it has one, before anything is believed. */
  public static <T> T record(String blob, byte[] json, Class<T> type) {
    return parse(blob, Checksum.checked(blob, json), type);
  }

  /**
   * The text of a top-level field, read no further than it stands; empty where there is none, or
   * the JSON is none up to there.
   */
  static String field(byte[] json, String name) {
    try (JsonParser parser = MAPPER.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "";
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals(name);
        JsonToken value = parser.nextToken();
        if (found) {
          return value == JsonToken.VALUE_STRING ? parser.getText() : "";
        }
        parser.skipChildren();
      }
      return "";
    } catch (IOException e) {
      LOG.debug("no JSON; who reads all of it says where", e);
      return "";
    }
  }

  /** Reads JSON; what is wrong is told with the name of the blob and the place in it. */
  public static <T> T parse(String blob, byte[] json, Class<T> type) {
    try {
      T value = MAPPER.readValue(json, type);
      if (value == null) {
        throw DataException.of("%s, line 1: this is not the JSON it must be: null", blob);
      }
      return value;
    } catch (JsonProcessingException e) {
      throw JsonError.of(MAPPER, blob, json, e);
    } catch (IOException e) {
      throw new DataException(blob + ": " + e.getMessage(), e);
    }
  }
}
