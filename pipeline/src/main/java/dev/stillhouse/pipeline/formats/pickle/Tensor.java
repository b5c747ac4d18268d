package dev.stillhouse.pipeline.formats.pickle;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.Float16;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A tensor or array of plain numbers.
 *
 * @param type name of its type, as in {@code float16}
 * @param shape its lengths
 * @param strides distance of neighbours along each axis, in elements
 * @param offset of its first element, in elements
 * @param bytes little-endian
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record Tensor(String type, int[] shape, long[] strides, long offset, ByteBuffer bytes) {
  /**
   * Checks that all of its elements lie in its bytes.
   *
   * @throws DataException if not
   */
  public Tensor checked(String place) {
    long last = offset;
    boolean possible = offset >= 0 && shape.length == strides.length;
    long elements = 1;
    for (int i = 0; i < shape.length && possible; i++) {
      possible = shape[i] >= 0 && strides[i] >= 0 && strides[i] <= bytes.capacity();
      last += (shape[i] - 1L) * strides[i];
      elements = Math.min(elements * shape[i], 1L << 40);
    }
    if (!possible
        || (elements > 0 && (last + 1) * width(place) > bytes.capacity())
        || elements > bytes.capacity()) {
      throw DataException.of(
          "%s: a tensor of %s %s with strides %s from %d on does not fit its %d bytes; get the file"
              + " anew",
          place, type, Arrays.toString(shape), Arrays.toString(strides), offset, bytes.capacity());
    }
    return this;
  }

  private int width(String place) {
    return switch (type) {
      case "bool", "uint8", "int8" -> 1;
      case "float16", "bfloat16", "uint16", "int16" -> 2;
      case "float32", "int32", "uint32" -> 4;
      case "float64", "int64", "uint64" -> 8;
      default -> throw DataException.of("%s: a tensor of type %s, which is not read", place, type);
    };
  }

  /** Returns whether its values are floating point numbers. */
  public boolean isFloat() {
    return type.contains("float");
  }

  /** Returns the share by which rounding to its type moves a value at most. */
  public double share() {
    return switch (type) {
      case "float16" -> 0x1p-11;
      case "bfloat16" -> 0x1p-8;
      default -> 0;
    };
  }

  /** Returns the index of an element. */
  public int at(int... place) {
    long index = offset;
    for (int i = 0; i < place.length; i++) {
      index += place[i] * strides[i];
    }
    return (int) index;
  }

  /** Returns an element that is a number of any type. */
  public double number(int index) {
    return switch (type) {
      case "float16" -> Float16.widen(bytes.getShort(2 * index));
      case "bfloat16" -> Float.intBitsToFloat(bytes.getShort(2 * index) << 16);
      case "float32" -> bytes.getFloat(4 * index);
      case "float64" -> bytes.getDouble(8 * index);
      default -> (double) integer(index);
    };
  }

  /** Returns an element that is an integer. */
  public long integer(int index) {
    return switch (type) {
      case "bool", "uint8" -> bytes.get(index) & 0xFF;
      case "int8" -> bytes.get(index);
      case "uint16" -> bytes.getShort(2 * index) & 0xFFFF;
      case "int16" -> bytes.getShort(2 * index);
      case "int32" -> bytes.getInt(4 * index);
      case "uint32" -> bytes.getInt(4 * index) & 0xFFFF_FFFFL;
      default -> bytes.getLong(8 * index);
    };
  }
}
