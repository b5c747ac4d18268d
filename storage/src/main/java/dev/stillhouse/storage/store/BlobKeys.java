package dev.stillhouse.storage.store;

import com.google.common.escape.Escaper;
import com.google.common.escape.Escapers;
import dev.stillhouse.storage.DataException;
import java.util.regex.Pattern;

/**
 * The keys that blobs may have: segments of letters, digits, dot, dash and underscore that do not
 * start with a dot, joined by single slashes, at most 512 characters. So no {@code ..}, no absolute
 * path, no scheme, no backslash, no NUL, nothing percent-encoded.
 */
public final class BlobKeys {
  private static final int MAX_CHARACTERS = 512;
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
  private static final Escaper VISIBLE =
      Escapers.builder().setSafeRange(' ', '~').setUnsafeReplacement("\\?").build();

  private BlobKeys() {}

  /** Returns whether this may be the key of a blob. */
  public static boolean is(String key) {
    return key.length() <= MAX_CHARACTERS && KEY.matcher(key).matches();
  }

  /**
   * Returns the same key, if a blob may have it.
   *
   * @throws dev.stillhouse.storage.DataException if not
   */
  public static String check(String key) {
    if (!is(key)) {
      String shown = VISIBLE.escape(key.substring(0, Math.min(80, key.length())));
      throw DataException.of(
          "'%s' is no name of a blob: need letters, digits, '.', '-', '_' and single '/'"
              + " between names that do not start with '.'",
          shown);
    }
    return key;
  }

  /**
   * Returns the same prefix, if it is empty or a key and a slash.
   *
   * @throws dev.stillhouse.storage.DataException if not
   */
  public static String checkPrefix(String prefix) {
    if (!prefix.isEmpty()) {
      check(prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix + "/");
    }
    return prefix;
  }
}
