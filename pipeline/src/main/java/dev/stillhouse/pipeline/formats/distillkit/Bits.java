package dev.stillhouse.pipeline.formats.distillkit;

/** Reads numbers of some bits from bytes, the highest bit first. */
final class Bits {
  private final byte[] bytes;
  private long at;

  /** Starts at a byte. */
  Bits(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = 8L * from;
  }

  /** Returns the next number. */
  long next(int bits) {
    long value = 0;
    for (int i = 0; i < bits; i++, at++) {
      value = value << 1 | (bytes[(int) (at >> 3)] >> (7 - (at & 7)) & 1);
    }
    return value;
  }
}
