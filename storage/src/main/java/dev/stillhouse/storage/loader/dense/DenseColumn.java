package dev.stillhouse.storage.loader.dense;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.PublicApi;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A column of a dense batch: numbers in row-major order.
 *
 * @param kind its name, type and shape
 * @param data the numbers, little-endian, from 0 to the limit
 */
@PublicApi
public record DenseColumn(Kind kind, ByteBuffer data) {
  /**
   * What a column is.
   *
   * @param shape as in [B][T] or [B][T][k]
   */
  public record Kind(String name, NumberType type, ImmutableList<Integer> shape) {
    /** Returns the number of elements. */
    public int count() {
      return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** Returns the bytes of all elements. */
    public int bytes() {
      return Math.multiplyExact(count(), type.bytes());
    }
  }

  /** Returns the numbers of an INT32 column, as an array. */
  public int[] ints() {
    int[] values = new int[count(NumberType.INT32)];
    little().asIntBuffer().get(values);
    return values;
  }

  /** Returns the numbers of an INT64 column, as an array. */
  public long[] longs() {
    long[] values = new long[count(NumberType.INT64)];
    little().asLongBuffer().get(values);
    return values;
  }

  /** Returns the numbers of a FLOAT32 column, as an array. */
  public float[] floats() {
    float[] values = new float[count(NumberType.FLOAT32)];
    little().asFloatBuffer().get(values);
    return values;
  }

  /** Returns the bits of a FLOAT16 or BFLOAT16 column, as an array. */
  public short[] halves() {
    checkState(kind.type().bytes() == 2, "%s is a column of %s", kind.name(), kind.type());
    short[] values = new short[kind.count()];
    little().asShortBuffer().get(values);
    return values;
  }

  /** Returns the numbers of a UINT8 column, as an array. */
  public byte[] bytes() {
    byte[] values = new byte[count(NumberType.UINT8)];
    little().get(values);
    return values;
  }

  private int count(NumberType type) {
    checkState(kind.type() == type, "%s is a column of %s", kind.name(), kind.type());
    return kind.count();
  }

  private ByteBuffer little() {
    return data.duplicate().rewind().order(ByteOrder.LITTLE_ENDIAN);
  }
}
