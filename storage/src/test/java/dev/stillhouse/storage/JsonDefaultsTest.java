package dev.stillhouse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A record of its own says what a file means that was written before a field was there. */
class JsonDefaultsTest {
  record Inner(long count, List<Integer> first) {}

  record Later(
      int version,
      @JsonProperty("name") @IfAbsent(IfAbsent.EMPTY_TEXT) String name,
      @JsonProperty("ids") @IfAbsent("[1, 2]") List<Integer> ids,
      @JsonProperty("inner") @IfAbsent("{\"count\": 7, \"first\": []}") Inner inner) {}

  record Wrong(@JsonProperty("ids") @IfAbsent("{}") List<Integer> ids) {}

  private static String refused(String json, Class<?> type) {
    return String.valueOf(assertThrows(DataException.class, () -> parse(json, type)).getMessage());
  }

  private static <T> T parse(String json, Class<T> type) {
    return Json.parse("a.json", json.getBytes(UTF_8), type);
  }

  @Test
  void aFieldThatIsLeftOutHasItsDefault() {
    Later absent = new Later(3, "", List.of(1, 2), new Inner(7, List.of()));
    assertEquals(absent, parse("{\"version\": 3}", Later.class));
  }

  @Test
  void aFieldThatIsThereCounts() {
    Later there = new Later(3, "x", List.of(), new Inner(0, List.of(4)));
    assertEquals(there, parse(Json.line(there), Later.class));
  }

  @Test
  void nullAndAnotherTypeAreStillRefused() {
    String told = refused("{\"version\": 3, \"name\": null}", Later.class);
    assertTrue(told.endsWith("field name is null"), told);
    told = refused("{\"version\": 3, \"ids\": 4}", Later.class);
    assertTrue(told.contains("field ids is 4; need a list"), told);
  }

  @Test
  void aFieldWithoutADefaultMustBeThere() {
    String told = refused("{\"name\": \"x\"}", Later.class);
    assertTrue(told.endsWith("field version is missing"), told);
  }

  @Test
  void aDefaultThatCannotBeReadNamesItsField() {
    String told = refused("{}", Wrong.class);
    assertTrue(told.contains("ids"), told);
  }
}
