package dev.stillhouse.storage.layout.adaptive;

import java.util.Arrays;

/** Appends bits to bytes, the lowest of each byte first. */
final class BitWriter {
  private byte[] bytes = new byte[64];
  private int size;
  private long waiting;
  private int bits;

  /** Appends the {@code count} low bits of {@code value}; at most 32, and no bits above them. */
  void put(int value, int count) {
    waiting |= (value & 0xffffffffL) << bits;
    bits += count;
    while (bits >= Byte.SIZE) {
      append();
    }
  }

  private void append() {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) waiting;
    waiting >>>= Byte.SIZE;
    bits -= Byte.SIZE;
  }

  /** Returns all bytes, the last filled with zeros, and empties the writer. */
  byte[] finish() {
    if (bits > 0) {
      bits = Byte.SIZE;
      append();
    }
    byte[] all = Arrays.copyOf(bytes, size);
    size = 0;
    return all;
  }
}
