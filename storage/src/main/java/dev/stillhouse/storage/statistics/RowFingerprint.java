package dev.stillhouse.storage.statistics;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Hash of one sequence's tokens and segments: the first 16 bytes of SHA-256 over the tokens, then
 * the segments, each as little-endian int32. Any language can compute it, so that a statistic can
 * be proven to belong to its tokens (law 1).
 */
public final class RowFingerprint {
  /** Bytes of a fingerprint. */
  public static final int BYTES = 16;

  private RowFingerprint() {}

  /** Returns the fingerprint of {@code length} slots from {@code from} on. */
  public static byte[] of(int[] tokens, int[] segments, int from, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(tokens, from, length).put(segments, from, length);
    return Arrays.copyOf(Hashing.sha256().hashBytes(bytes.array()).asBytes(), BYTES);
  }
}
