package dev.stillhouse.storage;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** SHA-256 as 64 lower-case hex digits: the name of everything that is named by its content. */
public final class Hashes {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** What a hostile writer may have put there is not shown as it is. */
  private static final Pattern UNSEEN = Pattern.compile("[^ -~]");

  private static final int MAX_SHOWN = 80;

  private Hashes() {}

  /** Hash of some bytes. */
  public static String sha256(byte[] bytes) {
    return Hashing.sha256().hashBytes(bytes).toString();
  }

  /** Hash of a text's UTF-8. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether it is one. */
  public static boolean isSha256(String text) {
    return SHA256.matcher(text).matches();
  }

  /** Refuses what is no hash: such names become parts of keys. */
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
