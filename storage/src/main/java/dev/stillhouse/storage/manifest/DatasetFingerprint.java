package dev.stillhouse.storage.manifest;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Hash of all sequences' tokens and segments in order: the sum mod 2^256 of SHA-256(sequence number
 * as little-endian int64, row fingerprint), each hash read as an unsigned big-endian number. The
 * sequence number keys each term, so the order counts. Sums of shards add up to the dataset's,
 * however shards were cut and computed.
 *
 * <p>Rejected: a chain h(previous, row). It identifies the same, but must walk all rows in order at
 * each commit. A sum does not protect against forged rows; it is the key for alignment and
 * shuffles, while the manifest's sha256 of each shard protects the content.
 */
public final class DatasetFingerprint {
  private static final int LIMBS = 8;
  private static final int BYTES = LIMBS * Integer.BYTES;
  private static final long MASK = 0xffff_ffffL;

  /** The sum in limbs of 32 bits, lowest first. */
  private final long[] sum = new long[LIMBS];

  /** Adds the rows of a batch under their dataset-wide numbers. */
  public void add(TokenBatch batch) {
    for (int row = 0; row < batch.sequences(); row++) {
      byte[] term =
          Hashing.sha256()
              .hashBytes(
                  ByteBuffer.allocate(24)
                      .order(ByteOrder.LITTLE_ENDIAN)
                      .putLong(batch.firstSequence() + row)
                      .put(batch.fingerprint(row))
                      .flip())
              .asBytes();
      add(ByteBuffer.wrap(term), 0);
    }
  }

  /** Adds the sum of other rows. */
  public void add(String hex) {
    add(ByteBuffer.wrap(HexFormat.of().parseHex(Hashes.check("fingerprint", hex))), 0);
  }

  /** Adds a sum of 32 bytes at {@code from}; the buffer's order is big-endian. */
  public void add(ByteBuffer bytes, int from) {
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      int limb = bytes.getInt(from + BYTES - Integer.BYTES * (i + 1));
      long value = sum[i] + Integer.toUnsignedLong(limb) + carry;
      sum[i] = value & MASK;
      carry = value >>> Integer.SIZE;
    }
  }

  /** Returns the sum as 64 hex digits. */
  public String hex() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    for (int i = LIMBS - 1; i >= 0; i--) {
      bytes.putInt((int) sum[i]);
    }
    return HexFormat.of().formatHex(bytes.array());
  }
}
