package dev.stillhouse.pipeline.tokenizer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.knuddels.jtokkit.Encodings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;

/** The bytes of each id of a {@link TiktokenModel}, read from the library's file of ranks. */
final class TiktokenVocabulary {
  private static final byte[] GAP = {};

  private final byte[][] bytes;
  private final String fingerprint;

  private TiktokenVocabulary(byte[][] bytes, String fingerprint) {
    this.bytes = bytes;
    this.fingerprint = fingerprint;
  }

  /** Reads a model's file; lines of {@code base64(bytes) rank}. */
  static TiktokenVocabulary load(TiktokenModel model) {
    byte[][] bytes = new byte[model.special.lastKey() + 1][];
    Arrays.fill(bytes, GAP);
    try (InputStream in = Encodings.class.getResourceAsStream(model.ranks)) {
      if (in == null) {
        throw new IllegalStateException("jtokkit's jar holds no " + model.ranks);
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, US_ASCII));
      String line;
      while ((line = lines.readLine()) != null) {
        int space = line.indexOf(' ');
        int id = Integer.parseInt(line.substring(space + 1));
        bytes[id] = Base64.getDecoder().decode(line.substring(0, space));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("jtokkit's " + model.ranks, e);
    }
    String fingerprint = fingerprint(bytes, model);
    model.special.forEach((id, name) -> bytes[id] = name.getBytes(UTF_8));
    return new TiktokenVocabulary(bytes, fingerprint);
  }

  /**
   * Returns the fingerprint. It covers, in id order, each id that has bytes as id, length, bytes;
   * then the pattern as length, bytes; then each special token as id, length, bytes of its name.
   * Integers are little-endian int32. An id is also the rank of its merge, so this covers the
   * merges.
   */
  private static String fingerprint(byte[][] bytes, TiktokenModel model) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (int id = 0; id < bytes.length; id++) {
      if (bytes[id].length > 0) {
        hasher.putInt(id).putInt(bytes[id].length).putBytes(bytes[id]);
      }
    }
    byte[] pattern = model.pattern.getBytes(UTF_8);
    hasher.putInt(pattern.length).putBytes(pattern);
    model.special.forEach(
        (id, name) -> {
          byte[] special = name.getBytes(UTF_8);
          hasher.putInt(id).putInt(special.length).putBytes(special);
        });
    return hasher.hash().toString();
  }

  int size() {
    return bytes.length;
  }

  String fingerprint() {
    return fingerprint;
  }

  /** Returns the bytes of an id, shared: do not write to them. None for a gap. */
  byte[] bytes(int id) {
    if (id < 0 || id >= bytes.length) {
      throw new IllegalArgumentException(
          "token id " + id + " is outside the vocabulary of " + bytes.length);
    }
    return bytes[id];
  }
}
