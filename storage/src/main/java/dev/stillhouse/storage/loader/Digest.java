package dev.stillhouse.storage.loader;

import com.google.common.hash.Hashing;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.stillhouse.storage.DataException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * A digest of consumed data: the sum, modulo 2^128 or 2^64, of the first bytes of SHA-256(numbers
 * as little-endian int64, bytes). A sum does not depend on which rank consumed what, so the digests
 * of ranks add up (E4). Whatever the order must prove is among the numbers.
 *
 * <p>Two digests in hex would not fit a cursor of under 200 bytes: the text is base64url.
 */
final class Digest {
  private final int bytes;
  private BigInteger sum;

  private Digest(int bytes, BigInteger sum) {
    this.bytes = bytes;
    this.sum = sum;
  }

  /** Returns an empty digest of the tokens consumed, and their positions in the run: 128 bits. */
  static Digest ofTokens() {
    return new Digest(16, BigInteger.ZERO);
  }

  /** Returns an empty digest of the values consumed: 64 bits. */
  static Digest ofValues() {
    return new Digest(8, BigInteger.ZERO);
  }

  /** Returns this digest plus the sum in {@code text}. */
  @CanIgnoreReturnValue
  Digest plus(String text) {
    byte[] read;
    try {
      read = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new DataException(unread(text), e);
    }
    if (read.length != bytes || !text(read).equals(text)) {
      throw new DataException(unread(text));
    }
    return add(new BigInteger(1, read));
  }

  private String unread(String text) {
    return "digest '" + text + "': need base64url of " + bytes + " bytes";
  }

  @CanIgnoreReturnValue
  Digest plus(Digest other) {
    return add(other.sum);
  }

  void add(byte[] data, long... keys) {
    ByteBuffer numbers = ByteBuffer.allocate(8 * keys.length).order(ByteOrder.LITTLE_ENDIAN);
    numbers.asLongBuffer().put(keys);
    byte[] hash =
        Hashing.sha256().newHasher().putBytes(numbers.array()).putBytes(data).hash().asBytes();
    add(new BigInteger(1, hash, 0, bytes));
  }

  @CanIgnoreReturnValue
  private Digest add(BigInteger more) {
    sum = sum.add(more).mod(BigInteger.ONE.shiftLeft(8 * bytes));
    return this;
  }

  String text() {
    byte[] padded = new byte[bytes];
    byte[] found = sum.toByteArray(); // perhaps shorter, perhaps with one byte of sign
    int count = Math.min(bytes, found.length);
    System.arraycopy(found, found.length - count, padded, bytes - count, count);
    return text(padded);
  }

  private static String text(byte[] read) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(read);
  }
}
