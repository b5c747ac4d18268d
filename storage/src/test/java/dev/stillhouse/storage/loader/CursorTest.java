package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final String DATA = "0123456789abcdef".repeat(4);
  private static final Cursor SOME = cursor(7, 3, 12);

  @Property(tries = 100)
  void readsWhatItWrote(
      @ForAll @LongRange(min = 0) long seed,
      @ForAll @LongRange(min = 0) long epoch,
      @ForAll @LongRange(min = 0, max = 1L << 40) long next) {
    Cursor cursor = cursor(seed, epoch, next);
    assertEquals(cursor, Cursor.parse(cursor.toJson(), "file"));
    assertEquals(cursor, Cursor.parse(cursor.toJson() + "\n", "file"));
  }

  @Test
  void isShortAtItsLongest() {
    String json = cursor(Long.MAX_VALUE, Long.MAX_VALUE, 1L << 40).toJson();
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes < 200, bytes + " bytes: " + json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "null", "[]", "3", "{", "{}", "{\"v\":1}"})
  void refusesWhatIsNoCursor(String json) {
    assertTrue(refused(json).contains("my-cursor"), refused(json));
  }

  @Test
  void refusesACursorThatWasCut() {
    String json = SOME.toJson();
    for (int length = 0; length < json.length(); length++) {
      String message = refused(json.substring(0, length));
      assertTrue(message.contains("my-cursor"), message);
    }
    refused(json + json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v", "data", "seed", "epoch", "next", "digest", "content", "check"})
  void namesAMissingField(String field) {
    String message =
        refused(SOME.toJson().replaceFirst(",?\"" + field + "\":[^,}]*", "").replace("{,", "{"));
    assertTrue(message.contains("my-cursor") && message.contains(field), message);
  }

  @Test
  void namesAnUnknownField() {
    String message = refused(SOME.toJson().replace("{", "{\"colour\":1,"));
    assertTrue(message.contains("my-cursor") && message.contains("colour"), message);
  }

  @Test
  void namesAnotherVersion() {
    String message = refused(SOME.toJson().replace("\"v\":1", "\"v\":2"));
    assertTrue(message.contains("my-cursor") && message.contains("v is 2"), message);
  }

  @Test
  void noticesEachEdit() {
    for (List<String> edit :
        List.of(
            List.of("\"data\":\"0", "\"data\":\"1"),
            List.of("\"seed\":7", "\"seed\":8"),
            List.of("\"epoch\":3", "\"epoch\":4"),
            List.of("\"next\":12", "\"next\":13"),
            List.of("\"digest\":\"", "\"digest\":\"b"),
            List.of("\"content\":\"", "\"content\":\"b"),
            List.of("\"check\":\"", "\"check\":\"0"))) {
      String json = SOME.toJson();
      assertTrue(json.contains(edit.get(0)), json);
      String message = refused(json.replace(edit.get(0), edit.get(1)));
      assertTrue(message.contains("my-cursor") && message.contains("edited"), message);
    }
  }

  @Test
  void belongsToOneDataset() {
    SOME.check(DATA, 12);
    String other = "f".repeat(64);
    DataException error = assertThrows(DataException.class, () -> SOME.check(other, 12));
    assertTrue(error.getMessage().contains(SOME.data()), error.getMessage());
    assertTrue(error.getMessage().contains(other), error.getMessage());
    error = assertThrows(DataException.class, () -> SOME.check(DATA, 11));
    assertTrue(error.getMessage().contains("next 12"), error.getMessage());
    assertTrue(error.getMessage().contains("11 sequences"), error.getMessage());
  }

  private static Cursor cursor(long seed, long epoch, long next) {
    Digest128 digest = Digest128.parse(Cursor.start(DATA, seed, epoch).digest());
    digest.add(new byte[] {1, 2, 3}, next);
    return Cursor.start(DATA, seed, epoch).advance(next, digest.text(), digest.text());
  }

  private static String refused(String json) {
    return assertThrows(DataException.class, () -> Cursor.parse(json, "my-cursor")).getMessage();
  }
}
