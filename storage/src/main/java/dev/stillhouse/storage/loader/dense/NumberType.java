package dev.stillhouse.storage.loader.dense;

import dev.stillhouse.storage.PublicApi;

/** A type of numbers in memory, little-endian. */
@PublicApi
public enum NumberType {
  UINT8(1),
  INT32(4),
  INT64(8),
  /** IEEE 754 binary16, rounded to nearest even. */
  FLOAT16(2),
  /** The upper half of a float32, rounded to nearest even. */
  BFLOAT16(2),
  FLOAT32(4);

  private final int bytes;

  NumberType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether it is one of the floating-point types. */
  public boolean isFloat() {
    return this == FLOAT16 || this == BFLOAT16 || this == FLOAT32;
  }
}
