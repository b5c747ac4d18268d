package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.loader.order.ShuffleSpec;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds which field of a cursor was edited or cut, by two characters (12 bits) of a hash of each
 * field's name and text. Also checks that each value is possible.
 */
final class CursorCheck {
  private static final int CHARACTERS = 2;
  private static final Pattern DATA = Pattern.compile("[0-9a-f]{" + Cursor.DATA_DIGITS + "}");

  private CursorCheck() {}

  static String of(Cursor cursor) {
    StringBuilder check = new StringBuilder();
    fields(cursor).forEach((name, value) -> check.append(of(name, value)));
    return check.toString();
  }

  private static String of(String name, String value) {
    byte[] hash = Hashing.sha256().hashString(name + " " + value, StandardCharsets.UTF_8).asBytes();
    return Base64.getUrlEncoder().encodeToString(hash).substring(0, CHARACTERS);
  }

  private static Map<String, String> fields(Cursor cursor) {
    return ImmutableMap.of(
        "data", cursor.data(),
        "seed", "" + cursor.seed(),
        "order", cursor.order(),
        "batch", "" + cursor.batch(),
        "samples", "" + cursor.samples(),
        "part", cursor.part(),
        "digest", cursor.digest(),
        "values", cursor.values());
  }

  /**
   * Refuses a cursor that no loader wrote.
   *
   * @param from name of its file, for errors
   */
  static void check(Cursor cursor, String from) {
    int at = 0;
    for (Map.Entry<String, String> field : fields(cursor).entrySet()) {
      String right = of(field.getKey(), field.getValue());
      if (!cursor.check().startsWith(right, at)) {
        throw DataException.of(
            "%s: %s is '%s', which is not what was written there (its check is '%s'); it was cut"
                + " or edited",
            from, field.getKey(), field.getValue(), cursor.check());
      }
      at += CHARACTERS;
    }
    if (cursor.check().length() != at) {
      throw DataException.of(
          "%s: check is '%s', need %d characters; it was cut or edited", from, cursor.check(), at);
    }
    possible(cursor, from);
  }

  private static void possible(Cursor cursor, String from) {
    if (!DATA.matcher(cursor.data()).matches()) {
      throw DataException.of(
          "%s: data is '%s', need %d hex digits", from, cursor.data(), Cursor.DATA_DIGITS);
    }
    if (cursor.seed() < 0 || cursor.batch() < 1 || cursor.samples() < 0) {
      throw DataException.of(
          "%s: seed %d, batch %d, samples %d: need 0, 1 and 0 or more",
          from, cursor.seed(), cursor.batch(), cursor.samples());
    }
    try {
      ShuffleSpec unused = ShuffleSpec.parse(cursor.order());
      if (!cursor.part().isEmpty()) {
        Rank.parse(cursor.part());
      }
    } catch (UsageException e) {
      throw new DataException(from + ": " + e.getMessage(), e);
    }
    Digest.ofTokens().plus(cursor.digest());
    Digest.ofValues().plus(cursor.values());
  }
}
