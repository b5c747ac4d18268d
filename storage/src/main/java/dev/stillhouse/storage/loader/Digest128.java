package dev.stillhouse.storage.loader;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.DataException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A digest of what was consumed: the sum mod 2^128 of the first 16 bytes of SHA-256(keys as
 * little-endian int64, bytes). Being a sum, it does not ask who consumed what, so digests of ranks
 * add up (E4); what the order shall prove is among the keys.
 */
final class Digest128 {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);
  private static final int BYTES = 16;

  /** base64url: two digests in hex would not fit a cursor of under 200 bytes. */
  private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9_-]{21}[AQgw]");

  private BigInteger sum;

  private Digest128(BigInteger sum) {
    this.sum = sum;
  }

  static Digest128 parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw DataException.of("digest '%s': need 22 characters of base64url", text);
    }
    return new Digest128(new BigInteger(1, Base64.getUrlDecoder().decode(text)));
  }

  void add(byte[] bytes, long... keys) {
    ByteBuffer numbers = ByteBuffer.allocate(8 * keys.length).order(ByteOrder.LITTLE_ENDIAN);
    numbers.asLongBuffer().put(keys);
    byte[] hash =
        Hashing.sha256().newHasher().putBytes(numbers.array()).putBytes(bytes).hash().asBytes();
    sum = sum.add(new BigInteger(1, hash, 0, 16)).mod(MODULUS);
  }

  String text() {
    byte[] sixteen = new byte[BYTES];
    byte[] bytes = sum.toByteArray(); // perhaps shorter, perhaps with one byte of sign
    int count = Math.min(BYTES, bytes.length);
    System.arraycopy(bytes, bytes.length - count, sixteen, BYTES - count, count);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sixteen);
  }
}
