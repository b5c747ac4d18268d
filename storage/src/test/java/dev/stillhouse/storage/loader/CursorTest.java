package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.Lists;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final String DATA = "0123456789ab";
  private static final Cursor SOME = cursor(7, "blocks:8/512", 32, 12, "1/2");

  @Property(tries = 100)
  void readsWhatItWrote(
      @ForAll @LongRange(min = 0) long seed,
      @ForAll @IntRange(min = 1) int batch,
      @ForAll @LongRange(min = 0) long samples,
      @ForAll @IntRange(min = 0, max = 3) int rank) {
    Cursor cursor = cursor(seed, "global", batch, samples, rank == 3 ? "" : rank + "/3");
    assertEquals(cursor, Cursor.parse(cursor.toJson(), "file"));
    assertEquals(cursor, Cursor.parse(cursor.toJson() + "\n", "file"));
  }

  @Test
  void isShort() {
    for (Cursor cursor :
        List.of(
            cursor((1L << 32) - 1, "blocks:999/4096", 65_536, 999_999_999_999L, ""),
            cursor(1, "global", 1024, 9_999_999_999L, "127/128"))) {
      int bytes = cursor.toJson().getBytes(StandardCharsets.UTF_8).length;
      assertTrue(bytes < 200, bytes + " bytes: " + cursor.toJson());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "null", "[]", "3", "{", "{}", "{\"v\":2}"})
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
  @ValueSource(
      strings = {"v", "data", "seed", "order", "batch", "samples", "part", "digest", "values"})
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
    String message = refused(SOME.toJson().replace("\"v\":2", "\"v\":1"));
    assertTrue(message.contains("my-cursor") && message.contains("v is 1"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "data, 0123456789ab, 1123456789ab",
    "seed, 7, 8",
    "order, blocks:8, blocks:9",
    "batch, 32, 64",
    "samples, 12, 13",
    "part, 1/2, 0/2",
    "check, '', A"
  })
  void noticesEachEditAndNamesTheField(String field, String was, String becomes) {
    edited(field, "(\"" + field + "\":\"?)" + was, "$1" + becomes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"digest", "values"})
  void noticesEditedDigests(String field) {
    edited(field, "(\"" + field + "\":\")(.)(.)", "$1$3$2");
  }

  private static void edited(String field, String pattern, String replacement) {
    String json = SOME.toJson().replaceFirst(pattern, replacement);
    assertTrue(!json.equals(SOME.toJson()), json);
    String message = refused(json);
    assertTrue(message.startsWith("cursor my-cursor: " + field) || field.equals("check"), message);
    assertTrue(message.contains("edited"), message);
  }

  @Test
  void mergesRanksInAnyOrder() {
    List<Cursor> parts =
        List.of(
            cursor(7, "global", 32, 12, "0/3"),
            cursor(7, "global", 32, 12, "1/3"),
            cursor(7, "global", 32, 12, "2/3"));
    Cursor merged = Cursor.merge(parts);
    assertEquals(merged, Cursor.merge(Lists.reverse(parts)));
    assertEquals("", merged.part());
    assertEquals(
        Digest.ofTokens()
            .plus(parts.get(0).digest())
            .plus(parts.get(1).digest())
            .plus(parts.get(2).digest())
            .text(),
        merged.digest());
    assertEquals(merged, Cursor.merge(List.of(merged)));
    Cursor other = cursor(7, "global", 32, 12, "1/4");
    unmerged("part", parts.get(0), parts.get(1), other);
    unmerged("rank 2", parts.get(0), parts.get(1));
    unmerged("twice", parts.get(0), parts.get(1), parts.get(1));
    unmerged("samples", parts.get(0), parts.get(1), cursor(7, "global", 32, 13, "2/3"));
    unmerged("seed", parts.get(0), parts.get(1), cursor(8, "global", 32, 12, "2/3"));
    unmerged("batch", parts.get(0), parts.get(1), cursor(7, "global", 31, 12, "2/3"));
    unmerged("order", parts.get(0), parts.get(1), cursor(7, "none", 32, 12, "2/3"));
    unmerged("no cursors");
  }

  private static void unmerged(String what, Cursor... parts) {
    String message =
        assertThrows(UsageException.class, () -> Cursor.merge(List.of(parts))).getMessage();
    assertTrue(String.valueOf(message).contains(what), message);
  }

  private static Cursor cursor(long seed, String order, int batch, long samples, String part) {
    Digest tokens = Digest.ofTokens();
    tokens.add(new byte[] {1, 2, 3}, samples, part.hashCode());
    Digest values = Digest.ofValues();
    values.add(new byte[] {4, 5}, samples, part.hashCode());
    return Cursor.of(DATA, seed, order, batch, samples, part, tokens.text(), values.text());
  }

  private static String refused(String json) {
    return assertThrows(DataException.class, () -> Cursor.parse(json, "my-cursor")).getMessage();
  }
}
