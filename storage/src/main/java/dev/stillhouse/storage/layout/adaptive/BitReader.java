package dev.stillhouse.storage.layout.adaptive;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Takes bits from bytes, the lowest of each byte first. Behind the end it reads zeros, so a caller
 * checks {@link #over} when all is read.
 */
final class BitReader {
  private static final VarHandle INT64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] array;
  private final int end;
  private int at;
  private long waiting;
  private int bits;

  /** Creates a reader of the bits of {@code array} from {@code from} to {@code end} (exclusive). */
  BitReader(byte[] array, int from, int end) {
    this.array = array;
    this.at = from;
    this.end = end;
  }

  /** Returns the next {@code count} bits, at most 32. */
  int take(int count) {
    if (bits < count) {
      fill();
    }
    int value = (int) (waiting & ((1L << count) - 1));
    waiting >>>= count;
    bits -= count;
    return value;
  }

  private void fill() {
    int room = (Long.SIZE - 1 - bits) / Byte.SIZE;
    if (at + Long.BYTES <= end) {
      waiting |= (long) INT64.get(array, at) << bits;
      // Bits above what is counted are the same when they are put there again.
      at += room;
      bits += room * Byte.SIZE;
      return;
    }
    for (int i = 0; i < room; i++, at++, bits += Byte.SIZE) {
      waiting |= (at < end ? array[at] & 0xffL : 0) << bits;
    }
  }

  /** Returns whether more bits were taken than there were, or a whole byte remains. */
  boolean over() {
    int left = end * Byte.SIZE - (at * Byte.SIZE - bits);
    return left < 0 || left >= Byte.SIZE;
  }
}
