package dev.stillhouse.storage.loader;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.math.LongMath;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * The order of one epoch: a permutation of the records {@code 0 .. n-1} in closed form. No table is
 * kept, and any position is as cheap as the first.
 *
 * <p>A balanced Feistel network (Luby and Rackoff, <i>How to construct pseudorandom permutations
 * from pseudorandom functions</i>, 1988) over a square: a number is {@code left * side + right},
 * side is the least whole number with {@code side * side >= n}, and a round adds modulo side. What
 * falls outside {@code 0 .. n-1} is put through again until it falls inside. Both the sum in place
 * of the exclusive or, for domains that are no power of two, and the cycle walking are from Black
 * and Rogaway, <i>Ciphers with arbitrary finite domains</i>, 2002.
 *
 * <p>The square holds hardly more than n, so a call costs 29 ns for every n. Halves of whole bits
 * cost 17 ns where n fills them and 115 ns where n is just over (measured, JDK 17, 8 rounds).
 *
 * <p>Key of round r: the first 8 bytes, little-endian, of SHA-256 over the ASCII text {@code
 * stillhouse-order-1}, seed, epoch (int64), r (int32; all little-endian) and the dataset's
 * fingerprint. Seeds and epochs are hashed, never added: (42, epoch 1) is not (43, epoch 0).
 * Another order is another name, {@code stillhouse-order-2}: cursors depend on this one.
 */
public final class Shuffle {
  /** Most records. */
  public static final long MOST_RECORDS = 1L << 40;

  private static final String NAME = "stillhouse-order-1";

  /**
   * Four are proven enough for ideal round functions; these are two multiplications each. Twice as
   * many, because a small square has few values a side.
   */
  private static final int ROUNDS = 8;

  private final long n;
  private final long side;
  private final long[] keys = new long[ROUNDS];

  /**
   * @param n records; 0 to {@link #MOST_RECORDS}
   * @param epoch counted from 0
   * @param fingerprint of the dataset, its bytes
   */
  public Shuffle(long n, long seed, long epoch, byte[] fingerprint) {
    checkArgument(n >= 0 && n <= MOST_RECORDS, "Shuffle: n=%s, need 0 <= n <= 2^40", n);
    checkArgument(epoch >= 0, "Shuffle: epoch=%s, need epoch >= 0", epoch);
    this.n = n;
    this.side = LongMath.sqrt(n, RoundingMode.CEILING);
    for (int round = 0; round < ROUNDS; round++) {
      Hasher hasher = Hashing.sha256().newHasher().putString(NAME, StandardCharsets.US_ASCII);
      keys[round] =
          hasher.putLong(seed).putLong(epoch).putInt(round).putBytes(fingerprint).hash().asLong();
    }
  }

  /** The record that stands at a position of this epoch. */
  public long record(long position) {
    checkArgument(
        position >= 0 && position < n,
        "Shuffle: position=%s, need 0 <= position < %s",
        position,
        n);
    long x = position;
    do {
      x = forward(x);
    } while (x >= n);
    return x;
  }

  /** The position at which a record stands: the inverse of {@link #record}. */
  public long position(long record) {
    checkArgument(
        record >= 0 && record < n, "Shuffle: record=%s, need 0 <= record < %s", record, n);
    long x = record;
    do {
      x = backward(x);
    } while (x >= n);
    return x;
  }

  private long forward(long x) {
    long left = x / side;
    long right = x % side;
    for (int round = 0; round < ROUNDS; round++) {
      long sum = left + mix(right + keys[round]);
      left = right;
      right = sum < side ? sum : sum - side;
    }
    return left * side + right;
  }

  private long backward(long x) {
    long left = x / side;
    long right = x % side;
    for (int round = ROUNDS - 1; round >= 0; round--) {
      long difference = right - mix(left + keys[round]);
      right = left;
      left = difference >= 0 ? difference : difference + side;
    }
    return left * side + right;
  }

  /** The round function: multiply, fold, multiply; the upper 32 bits, scaled to 0 .. side-1. */
  private long mix(long x) {
    long y = x * 0x9E3779B97F4A7C15L;
    y = (y ^ y >>> 32) * 0xD6E8FEB86659FD93L;
    return ((y >>> 32) * side) >>> 32;
  }
}
