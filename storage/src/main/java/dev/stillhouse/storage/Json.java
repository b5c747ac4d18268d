package dev.stillhouse.storage;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes records as JSON: fields in the order of their declaration, nothing unknown,
 * nothing left out. A field that was added later has {@link IfAbsent}, which says what a file
 * without it means.
 */
public final class Json {
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
          .annotationIntrospector(new LaterFields())
          .injectableValues(new Absent())
          .build();

  private Json() {}

  /** Finds the fields that may be left out. */
  private static final class LaterFields extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public JacksonInject.@Nullable Value findInjectableValue(AnnotatedMember field) {
      IfAbsent absent = _findAnnotation(field, IfAbsent.class);
      return absent == null
          ? super.findInjectableValue(field)
          : JacksonInject.Value.construct(absent.value(), true, null);
    }
  }

  /** Reads the value of a field that is left out from its annotation. */
  private static final class Absent extends InjectableValues.Base {
    private static final long serialVersionUID = 1;

    @Override
    public Object findInjectableValue(
        DeserializationContext context,
        Object json,
        BeanProperty field,
        @Nullable Object bean,
        @Nullable Boolean optional,
        @Nullable Boolean useInput)
        throws JsonMappingException {
      try {
        return MAPPER.readerFor(field.getType()).readValue(json.toString());
      } catch (JsonProcessingException e) {
        throw JsonMappingException.from(
            context, "default of field " + field.getName() + " is no JSON of it: " + json, e);
      }
    }
  }

  /** Refuses numbers and truth values where a text must be. */
  private static void textAlone(MutableCoercionConfig text) {
    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  /** Returns one line of JSON. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value, e);
    }
  }

  /** Returns JSON that a person can read, as UTF-8 with a newline at its end. */
  public static byte[] pretty(Object value) {
    try {
      return (MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value, e);
    }
  }

  /** Returns a record as it is kept: pretty, with its {@link Checksum}. */
  public static byte[] record(Object value) {
    return Checksum.add(pretty(value));
  }

  /**
   * Reads a stored record. A checksum, if there is one, is checked before anything else is read.
   */
  public static <T> T record(String blob, byte[] json, Class<T> type) {
    return parse(blob, Checksum.checked(blob, json), type);
  }

  /**
   * Returns whether two records hold the same, whatever their white space and the form of their
   * numbers: JDK 17 prints some doubles with a digit more than JDK 19 and newer.
   *
   * @throws DataException if one of them is damaged
   */
  public static boolean sameRecord(String blob, byte[] one, byte[] two) {
    return Checksum.of(one).equals(Checksum.of(two))
        || record(blob, one, JsonNode.class).equals(record(blob, two, JsonNode.class));
  }

  /**
   * Returns the text of a top-level field, or an empty text if there is none or the JSON is broken
   * before it. Nothing behind the field is read.
   */
  public static String field(byte[] json, String name) {
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

  /**
   * Reads JSON.
   *
   * @throws DataException if it is not a record of this type; it names the blob and the place in it
   */
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
