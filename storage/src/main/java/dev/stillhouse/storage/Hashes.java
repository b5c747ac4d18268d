package dev.stillhouse.storage;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Hashes with SHA-256. A hash is 64 lower-case hex digits, and names what is found by its content.
 */
public final class Hashes {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Characters that are not shown: a hostile writer may have put them there. */
  private static final Pattern UNSEEN = Pattern.compile("[^ -~]");

  private static final int MAX_SHOWN = 80;

  private Hashes() {}

  /** Returns the hash of some bytes. */
  public static String sha256(byte[] bytes) {
    return Hashing.sha256().hashBytes(bytes).toString();
  }

  /** Returns the hash of a text's UTF-8. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns whether a text is such a hash. */
  public static boolean isSha256(String text) {
    return SHA256.matcher(text).matches();
  }

  /** Returns the hash, or refuses what is none: hashes become parts of keys. */
  public static String check(String what, String hash) {
    if (!isSha256(hash)) {
      String shown = hash.substring(0, Math.min(MAX_SHOWN, hash.length()));
      throw DataException.of(
          "%s is '%s', need 64 hex digits of a sha256",
          what, UNSEEN.matcher(shown).replaceAll("?"));
    }
    return hash;
  }
}
