package dev.stillhouse.pipeline.job;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads and writes a part of an unfinished shard task: its origin, its answers, and a sha256 of
 * both.
 *
 * <pre>
 * "stillhouse-part-1"  identity  receipt's name  first row  number of batches  batches  sha256
 * </pre>
 */
public final class PartFile {
  private static final String FORMAT = "stillhouse-part-1";
  private static final int HASH_BYTES = 32;
  private static final StatisticsBatchCoder CODER = new StatisticsBatchCoder();

  private PartFile() {}

  /** Returns the bytes of one batch. */
  public static byte[] batch(StatisticsBatch batch) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CODER.encode(batch, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Returns the bytes of a part with these batches. */
  public static byte[] write(String identity, ShardTask task, int firstRow, List<byte[]> batches) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeUTF(FORMAT);
      out.writeUTF(identity);
      out.writeUTF(task.receipt());
      out.writeInt(firstRow);
      out.writeInt(batches.size());
      for (byte[] batch : batches) {
        out.write(batch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.writeBytes(Hashing.sha256().hashBytes(bytes.toByteArray()).asBytes());
    return bytes.toByteArray();
  }

  /**
   * Reads a part.
   *
   * @throws DataException if its bytes have changed, or are of another task
   */
  public static List<StatisticsBatch> read(
      byte[] bytes, String identity, ShardTask task, int firstRow) {
    int end = bytes.length - HASH_BYTES;
    if (end < 0
        || !Arrays.equals(
            Hashing.sha256().hashBytes(bytes, 0, end).asBytes(),
            Arrays.copyOfRange(bytes, end, bytes.length))) {
      throw new DataException("its sha256 is not the one at its end");
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end))) {
      if (!in.readUTF().equals(FORMAT)
          || !in.readUTF().equals(identity)
          || !in.readUTF().equals(task.receipt())
          || in.readInt() != firstRow) {
        throw new DataException("it is a part of something else");
      }
      List<StatisticsBatch> batches = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        batches.add(CODER.decode(in));
      }
      return batches;
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException("it cannot be read: " + e.getMessage(), e);
    }
  }
}
