package dev.stillhouse.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checksum of a JSON record: its last member, {@code "checksum": "64 hex digits"}. It is the
 * SHA-256 of the record's bytes without that member and the comma before it, and without white
 * space outside of strings. Numbers and strings count as they are written, so that no other
 * language has to print them alike.
 */
public final class Checksum {
  private static final String KEY = "checksum";

  /** Bytes at a record's end in which the member is looked for. */
  private static final int TAIL = 512;

  private static final int BUFFER = 8192;
  private static final Pattern MEMBER =
      Pattern.compile(",\\s*\"" + KEY + "\"\\s*:\\s*\"([^\"]*)\"(?=\\s*}\\s*$)");

  private Checksum() {}

  /** Returns a record that has no checksum, with its checksum. */
  public static byte[] add(byte[] json) {
    String text = new String(json, ISO_8859_1);
    int end = text.lastIndexOf('}');
    int content = text.substring(0, end).stripTrailing().length();
    String member = ",\n  \"" + KEY + "\" : \"" + of(json) + "\"\n}\n";
    byte[] sealed = Arrays.copyOf(json, content + member.length());
    System.arraycopy(member.getBytes(US_ASCII), 0, sealed, content, member.length());
    return sealed;
  }

  /** Returns the checksum that a record must have, whether or not it holds one. */
  public static String of(byte[] json) {
    int before = json.length - tail(json);
    return of(json, member(json).map(member -> before + member.start()).orElse(json.length));
  }

  /** Returns whether a record holds its checksum. */
  public static boolean in(byte[] json) {
    return member(json).isPresent();
  }

  /**
   * Returns the record with its checksum blanked, so that lines stay where they are. A record
   * without a checksum was written before there were any, and is returned as it is.
   *
   * @throws DataException if the record does not match its checksum
   */
  public static byte[] checked(String blob, byte[] json) {
    Optional<Matcher> member = member(json);
    if (member.isEmpty()) {
      return json;
    }
    String said = member.get().group(1);
    int before = json.length - tail(json);
    int start = before + member.get().start();
    String found = of(json, start);
    if (!said.equals(found)) {
      throw DataException.of(
          "%s: damaged: its content has checksum %s, it says '%s'", blob, found, said);
    }
    byte[] blanked = json.clone();
    Arrays.fill(blanked, start, before + member.get().end(), (byte) ' ');
    return blanked;
  }

  private static int tail(byte[] json) {
    return Math.min(TAIL, json.length);
  }

  private static Optional<Matcher> member(byte[] json) {
    int tail = tail(json);
    Matcher matcher = MEMBER.matcher(new String(json, json.length - tail, tail, ISO_8859_1));
    return matcher.find() ? Optional.of(matcher) : Optional.empty();
  }

  private static String of(byte[] json, int end) {
    Hasher sha256 = Hashing.sha256().newHasher();
    byte[] buffer = new byte[BUFFER];
    int filled = 0;
    boolean string = false;
    boolean escaped = false;
    for (int i = 0; i < end; i++) {
      byte b = json[i];
      if (!string && (b == ' ' || b == '\n' || b == '\r' || b == '\t')) {
        continue;
      }
      if (b == '"' && !escaped) {
        string = !string;
      }
      escaped = string && b == '\\' && !escaped;
      buffer[filled++] = b;
      if (filled == BUFFER) {
        sha256.putBytes(buffer);
        filled = 0;
      }
    }
    sha256.putBytes(buffer, 0, filled);
    if (end < json.length) {
      sha256.putByte((byte) '}');
    }
    return sha256.hash().toString();
  }
}
