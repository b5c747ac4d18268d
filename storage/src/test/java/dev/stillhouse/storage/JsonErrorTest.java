package dev.stillhouse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillhouse.storage.manifest.MadeUpManifests;
import dev.stillhouse.storage.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a record is told by field, value and rule, and never by a class. */
class JsonErrorTest {
  private static final Pattern CLASS =
      Pattern.compile("`|\\bdev\\.|\\bjava\\.|jackson|\\b[a-z]+\\.[A-Z]|Exception|START_|VALUE_");

  private static final Manifest MANIFEST = MadeUpManifests.of(1, MadeUpManifests.shards(5, 0, 2));

  private static String message(String json) {
    return assertThrows(
            DataException.class, () -> Json.parse("m", json.getBytes(UTF_8), Manifest.class), json)
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "version":1 | "version":1.5 | field version is 1.5; need a whole number of 64 bits
          "version":1 | "version":"1" | field version is "1"; need a whole number of 64 bits
          "version":1 | "version":99999999999999999999 | field version: Numeric value (99999999999999999999) out of range
          "version":1 | "version":true | field version is true; need a whole number
          "version":1 | "version":null | field version is null
          "version":1 | "version":1,"version":1 | Duplicate field 'version'
          "version":1 | "version":1,"later":2 | field later is not known; need one of
          "version":1 | "ersion":1 | field version is missing
          "version":1, | '' | field version is missing
          "vocabulary":16 | "vocabulary":[] | field vocabulary is []; need a whole number of 32 bits
          "teacher":"made up" | "teacher":7 | field teacher is 7; need a text
          "teacher":"made up" | "teacher":1.5 | field teacher is 1.5; need a text
          "skipped":{ | "skipped":7,"x":{ | field skipped is 7; need an object
          "shards":[ | "shards":7,"x":[ | field shards is 7; need a list
          "shards":[ | "shards":[7, | field shards[0] is 7; need an object
          "unitStart":0 | "unitStart":-1 | field shards[0].tokens: token shard
          """)
  void isToldByFieldValueAndRule(String right, String wrong, String told) {
    String json = Json.line(MANIFEST);
    assertTrue(json.contains(right), json);
    String message = message(json.replaceFirst(Pattern.quote(right), wrong));
    assertTrue(message.startsWith("m, line 1: "), message);
    assertTrue(message.contains(told), message);
  }

  /** Every value of a manifest in turn is made something else. */
  @Test
  void noClassOfThisProgramIsNamed() {
    List<String> others =
        List.of("null", "[]", "{}", "7", "-1", "1.5", "1e99", "\"x\"", "true", "[null]", "\"1\"");
    int refused = 0;
    for (String other : others) {
      for (String json : variants(other)) {
        try {
          Json.parse("m", json.getBytes(UTF_8), Manifest.class).checked("m");
        } catch (DataException e) {
          refused++;
          assertFalse(CLASS.matcher(e.getMessage()).find(), json + "\n" + e.getMessage());
        }
      }
    }
    assertTrue(refused > 400, refused + " refused");
  }

  private static List<String> variants(String other) {
    List<String> variants = new ArrayList<>();
    JsonNode root = Json.parse("m", Json.pretty(MANIFEST), JsonNode.class);
    JsonNode value = Json.parse("m", other.getBytes(UTF_8), JsonNode.class);
    each(root, value, node -> variants.add(node.toString()), root);
    return variants;
  }

  private static void each(JsonNode in, JsonNode other, Consumer<JsonNode> told, JsonNode root) {
    if (in instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        JsonNode was = object.get(name);
        object.set(name, other);
        told.accept(root);
        object.set(name, was);
        each(was, other, told, root);
      }
    }
    if (in instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode was = array.get(i);
        array.set(i, other);
        told.accept(root);
        array.set(i, was);
        each(was, other, told, root);
      }
    }
  }

  @Test
  void whatIsNoJsonIsToldWithItsLine() {
    for (String bad :
        new String[] {"", "{", "{\"a\":}", "[".repeat(99), "\"", "nul", "{}}", "\0"}) {
      String message = message(bad);
      assertTrue(message.startsWith("m"), message);
      assertFalse(CLASS.matcher(message).find(), bad + "\n" + message);
    }
    String whole = Json.line(MANIFEST);
    for (int length = 1; length < whole.length(); length++) {
      String message = message(whole.substring(0, length));
      assertTrue(message.contains("this is not the JSON it must be"), message);
      assertFalse(message.contains("Source"), message);
      assertFalse(CLASS.matcher(message).find(), message);
    }
    assertEquals(-1, message("{\n\"format\" : \n,").indexOf("line 1:"));
  }
}
