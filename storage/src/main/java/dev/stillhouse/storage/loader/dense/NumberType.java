package dev.stillhouse.storage.loader.dense;

import dev.stillhouse.storage.PublicApi;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.util.Float16;

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

  /** Writes a whole number. */
  void put(ByteBuffer out, int index, int value) {
    switch (this) {
      case UINT8 -> out.put(index, (byte) value);
      case INT32 -> out.putInt(4 * index, value);
      case INT64 -> out.putLong(8 * index, value);
      default -> throw new IllegalArgumentException(this + " is no type of whole numbers");
    }
  }

  /** Writes a floating-point number. */
  void put(ByteBuffer out, int index, float value) {
    switch (this) {
      case FLOAT16 -> out.putShort(2 * index, Float16.toFloat16(value));
      case BFLOAT16 -> out.putShort(2 * index, bfloat16(value));
      case FLOAT32 -> out.putFloat(4 * index, value);
      default -> throw new IllegalArgumentException(this + " is no floating-point type");
    }
  }

  private static short bfloat16(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16);
    }
    return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }
}
