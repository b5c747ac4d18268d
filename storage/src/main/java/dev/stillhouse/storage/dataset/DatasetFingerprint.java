package dev.stillhouse.storage.dataset;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Hash of all sequences' tokens and segments in order: the sum mod 2^256 of SHA-256(sequence number
 * as little-endian int64, row fingerprint), each hash read as a big-endian number without sign. The
 * number of the sequence keys each term, so the order counts, and sums of shards add up to the
 * dataset's, whoever computed them and however shards were cut.
 *
 * <p>Rejected: a chain h(previous, row), which says the same but must walk all rows in order at
 * each commit. A sum is no protection against somebody who forges rows at will; it is the key for
 * alignment and shuffles, while the manifest's sha256 of each shard protects content.
 */
public final class DatasetFingerprint {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  private BigInteger sum = BigInteger.ZERO;

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
      sum = sum.add(new BigInteger(1, term)).mod(MODULUS);
    }
  }

  /** Adds the sum of other rows. */
  public void add(String hex) {
    try {
      sum = sum.add(new BigInteger(Hashes.check("fingerprint", hex), 16)).mod(MODULUS);
    } catch (NumberFormatException e) {
      throw new DataException("fingerprint '" + hex + "' is no hex number", e);
    }
  }

  /** 64 hex digits. */
  public String hex() {
    return String.format("%064x", sum);
  }
}
