package dev.stillhouse.bench.layouts;

import com.github.luben.zstd.Zstd;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.Float16;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * One sequence as in Megatron-LM's documents: ids of 17 bits (16 and a packed bit), float16
 * log-probs, zstd-3 over all. Megatron's k is fixed; here a position's count stands before it, for
 * padding and top-p, and takes almost no bytes.
 *
 * <pre>
 *   uint16[T] entries of each position; uint16[n] low bits of ids; ceil(n / 8) bytes of bit 16, the
 *   first in the lowest bit; float16[n]
 * </pre>
 */
final class MegatronRecord {
  /** Ids must be below this. */
  static final int VOCABULARY = 1 << 17;

  private static final int MAX_ENTRIES = (1 << 16) - 1;
  private static final int LEVEL = 3;

  private MegatronRecord() {}

  /** Packs the slots {@code from .. from + length} of a batch. */
  static byte[] pack(StatisticsBatch batch, int from, int length) {
    int first = batch.offsets()[from];
    int n = batch.offsets()[from + length] - first;
    ByteBuffer out = ByteBuffer.allocate(bytes(length, n)).order(ByteOrder.LITTLE_ENDIAN);
    for (int slot = from; slot < from + length; slot++) {
      int count = batch.offsets()[slot + 1] - batch.offsets()[slot];
      if (count > MAX_ENTRIES) {
        throw DataException.of("%d entries at a position, the most are %d", count, MAX_ENTRIES);
      }
      out.putShort((short) count);
    }
    byte[] bit16 = new byte[bits(n)];
    for (int i = 0; i < n; i++) {
      int id = batch.ids()[first + i];
      if (id < 0 || id >= VOCABULARY) {
        throw DataException.of("id %d, ids are below %d", id, VOCABULARY);
      }
      out.putShort((short) id);
      bit16[i >> 3] |= (byte) ((id >>> 16) << (i & 7));
    }
    out.put(bit16);
    for (int i = 0; i < n; i++) {
      out.putShort(Float16.narrow(batch.logProbs()[first + i]));
    }
    return Zstd.compress(out.array(), LEVEL);
  }

  /** Returns the inflated bytes of a packed record. */
  static ByteBuffer inflate(byte[] packed) {
    byte[] inflated = Zstd.decompress(packed, (int) Zstd.getFrameContentSize(packed));
    return ByteBuffer.wrap(inflated).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the entries of an inflated record. */
  static int entries(ByteBuffer record, int length) {
    int n = 0;
    for (int slot = 0; slot < length; slot++) {
      n += record.getShort(Short.BYTES * slot) & 0xFFFF;
    }
    return n;
  }

  /** Fills slots {@code slot .. slot + length} of the arrays; {@code offsets[slot]} is known. */
  static void unpack(
      ByteBuffer record, int length, int[] offsets, int slot, int[] ids, float[] logProbs) {
    int first = offsets[slot];
    for (int i = 0; i < length; i++) {
      offsets[slot + i + 1] = offsets[slot + i] + (record.getShort(Short.BYTES * i) & 0xFFFF);
    }
    int n = offsets[slot + length] - first;
    int low = Short.BYTES * length;
    int high = low + Short.BYTES * n;
    for (int i = 0; i < n; i++) {
      int bit16 = (record.get(high + (i >> 3)) >>> (i & 7)) & 1;
      ids[first + i] = (record.getShort(low + Short.BYTES * i) & 0xFFFF) | (bit16 << 16);
    }
    ByteBuffer halves = record.slice(high + bits(n), Short.BYTES * n).order(record.order());
    Float16.widen(halves.asShortBuffer(), FloatBuffer.wrap(logProbs, first, n).slice());
  }

  private static int bytes(int length, int n) {
    return Math.addExact(Short.BYTES * length, Math.addExact(2 * Short.BYTES * n, bits(n)));
  }

  private static int bits(int n) {
    return (n + Byte.SIZE - 1) / Byte.SIZE;
  }
}
