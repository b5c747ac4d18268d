package dev.stillhouse.storage.manifest;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** SHA-256 of hashes in hex digits, without a string for each. */
final class HexDigest {
  private static final int HASH_BYTES = 32;
  private static final int HASHES_AT_ONCE = 1 << 10;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Hasher sha256 = Hashing.sha256().newHasher();
  private final byte[] plain = new byte[HASH_BYTES * HASHES_AT_ONCE];
  private final byte[] digits = new byte[2 * HASH_BYTES * HASHES_AT_ONCE];

  /** Creates a digest that begins with this hash. */
  HexDigest(String first) {
    sha256.putString(first, StandardCharsets.US_ASCII);
  }

  /** Adds consecutive hashes. */
  void add(ByteBuffer bytes, int hashes) {
    for (int done = 0; done < hashes; done += HASHES_AT_ONCE) {
      int count = HASH_BYTES * Math.min(HASHES_AT_ONCE, hashes - done);
      bytes.get(HASH_BYTES * done, plain, 0, count);
      for (int i = 0; i < count; i++) {
        digits[2 * i] = DIGITS[(plain[i] >> 4) & 0xf];
        digits[2 * i + 1] = DIGITS[plain[i] & 0xf];
      }
      sha256.putBytes(digits, 0, 2 * count);
    }
  }

  /** Returns the digest as 64 hex digits. */
  String hex() {
    return sha256.hash().toString();
  }
}
