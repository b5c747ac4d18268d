package dev.stillhouse.pipeline.formats.fields;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.JsonErrors;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads objects from a stream, one after another, field by field. Only the numbers of mapped fields
 * are kept.
 */
final class SequenceJson implements FieldValues, AutoCloseable {
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(1_000)
          .maxStringLength(64 << 20)
          .maxNumberLength(1_000)
          .maxNameLength(64 << 10)
          .build();

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes -Infinity.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(LIMITS)
          .build();

  private final ImportFile file;
  private final FieldMap fields;
  private final boolean idFirst;
  private final JsonParser in;
  private final Map<Field, Numbers> numbers = new EnumMap<>(Field.class);
  private final Numbers entryIds = new Numbers();
  private final Set<Field> seen = EnumSet.noneOf(Field.class);
  private final List<String> present = new ArrayList<>();
  private long document = -1;
  private int line;

  /**
   * Opens a stream of objects.
   *
   * @param idFirst whether an entry that is a list has its id before its log-prob
   */
  SequenceJson(ImportFile file, InputStream bytes, FieldMap fields, boolean idFirst) {
    this.file = file;
    this.fields = fields;
    this.idFirst = idFirst;
    for (Field field : Field.values()) {
      numbers.put(field, new Numbers());
    }
    try {
      in = JSON.createParser(bytes);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  @Override
  public boolean next() {
    try {
      JsonToken first = in.nextToken();
      if (first == null) {
        return false;
      }
      document++;
      line = in.currentTokenLocation().getLineNr();
      if (first != JsonToken.START_OBJECT) {
        throw wrong("is a JSON %s, need an object for each sequence", EntryJson.kind(first));
      }
      numbers.values().forEach(Numbers::clear);
      entryIds.clear();
      seen.clear();
      present.clear();
      object(ImmutableList.of());
      for (Map.Entry<Field, String> field : fields.needed().entrySet()) {
        if (!seen.contains(field.getKey())) {
          throw wrong(
              "has no field '%s'; present: %s (--set %s=FIELD names another)",
              field.getValue(), present, field.getKey().word());
        }
      }
      return true;
    } catch (JsonProcessingException e) {
      line = e.getLocation() == null ? line : e.getLocation().getLineNr();
      throw wrong("%s", JsonErrors.reason(e, LIMITS));
    } catch (IOException e) {
      throw new DataException(file.path() + ": " + e.getMessage() + "; get the file anew", e);
    }
  }

  private void object(ImmutableList<String> path) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      ImmutableList<String> here = ImmutableList.<String>builder().addAll(path).add(name).build();
      if (path.isEmpty() && present.size() < 50) {
        present.add(name);
      }
      JsonToken value = in.nextToken();
      Field field = fields.paths().get(here);
      if (field != null && value != JsonToken.VALUE_NULL) {
        seen.add(field);
        field(field);
      } else if (value == JsonToken.START_OBJECT && isPrefix(here)) {
        object(here);
      } else {
        in.skipChildren();
      }
    }
  }

  private boolean isPrefix(ImmutableList<String> path) {
    return fields.paths().keySet().stream()
        .anyMatch(
            whole -> whole.size() > path.size() && whole.subList(0, path.size()).equals(path));
  }

  private void field(Field field) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(
          "field '%s' is a JSON %s, need a list; --set %s=- leaves it out",
          field.word(), kind(), field.word());
    }
    Numbers to = numbers(field);
    switch (field.shape()) {
      case INTEGERS, NUMBERS -> {
        to.row();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          limit(to.all(), TokenShardHeader.MAX_POSITIONS, field, "numbers");
          to.add(one(field, to.all()));
        }
      }
      case ROWS_OF_INTEGERS, ROWS -> {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          limit(to.rows(), TokenShardHeader.MAX_POSITIONS, field, "rows");
          to.row();
          row(field, to);
        }
      }
      case ENTRIES -> {
        EntryJson entries = new EntryJson(in, this, idFirst);
        while (in.nextToken() != JsonToken.END_ARRAY) {
          limit(to.rows(), TokenShardHeader.MAX_POSITIONS, field, "rows");
          to.row();
          entryIds.row();
          entries.row(to.rows() - 1, entryIds, to);
        }
      }
    }
  }

  /** Reads a number, or a list of one. */
  private double one(Field field, int at) throws IOException {
    boolean listed =
        field.shape() == Field.Shape.NUMBERS && in.currentToken() == JsonToken.START_ARRAY;
    if (listed) {
      in.nextToken();
    }
    double value = number(field, field.shape() == Field.Shape.INTEGERS, at);
    if (listed && in.nextToken() != JsonToken.END_ARRAY) {
      throw wrong("field '%s', %d is a list of several, need one number", field.word(), at);
    }
    return value;
  }

  private void row(Field field, Numbers to) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(
          "field '%s', row %d is a JSON %s, need a list or null",
          field.word(), to.rows() - 1, kind());
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      room(to, field);
      to.add(number(field, field.shape() == Field.Shape.ROWS_OF_INTEGERS, to.rows() - 1));
    }
  }

  /** Checks that another entry fits. */
  void room(Numbers to, Field field) {
    limit(to.all(), SourceSequence.MAX_ENTRIES, field, "numbers");
    if ((to.all() & (to.all() - 1)) == 0 && to.all() >= 1 << 16) {
      HeapLimit.check(file.path() + ", line " + line, 16L * to.all(), 5);
    }
  }

  private void limit(int there, int max, Field field, String what) {
    if (there >= max) {
      throw wrong("field '%s' has more than %d %s; cut the sequence", field.word(), max, what);
    }
  }

  /** Reads a number; null is NaN. */
  double number(Field field, boolean integer, int at) throws IOException {
    switch (in.currentToken()) {
      case VALUE_NUMBER_INT -> {
        double value = in.getDoubleValue();
        if (!integer || Math.abs(value) <= Integer.MAX_VALUE) {
          return value;
        }
      }
      case VALUE_NUMBER_FLOAT -> {
        if (!integer) {
          return in.getDoubleValue();
        }
      }
      case VALUE_NULL -> {
        if (!integer) {
          return Double.NaN;
        }
      }
      default -> {}
    }
    throw wrong(
        "field '%s', %d: is %s, need %s",
        field.word(),
        at,
        in.currentToken().isScalarValue() ? shortened(in.getText()) : "a JSON " + kind(),
        integer ? "an integer of 32 bits" : "a number");
  }

  /** Returns a value for a message. */
  static String shortened(String text) {
    return text.length() <= 40 ? "'" + text + "'" : "'" + text.substring(0, 40) + "...'";
  }

  private String kind() {
    return EntryJson.kind(in.currentToken());
  }

  @Override
  public Numbers numbers(Field field) {
    return Objects.requireNonNull(numbers.get(field));
  }

  @Override
  public Numbers entryIds() {
    return entryIds;
  }

  @Override
  public boolean has(Field field) {
    return seen.contains(field);
  }

  @Override
  public long document() {
    return document;
  }

  @Override
  public String place() {
    return "line " + line;
  }

  @Override
  @FormatMethod
  public DataException wrong(@FormatString String rule, Object... values) {
    return DataException.of("%s: line %d: %s", file.path(), line, String.format(rule, values));
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }
}
