package dev.stillhouse.storage.loader.dense;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/**
 * Writes numbers of one column at any index, many at a time: what is converted is converted in a
 * loop of one type. Indices count numbers.
 */
abstract class NumberSink {
  /** Writes {@code n} whole numbers of an array. */
  void put(int at, int[] values, int from, int n) {
    for (int i = 0; i < n; i++) {
      put(at + i, values[from + i]);
    }
  }

  /** Writes {@code n} floating-point numbers of an array. */
  void put(int at, float[] values, int from, int n) {
    for (int i = 0; i < n; i++) {
      put(at + i, values[from + i]);
    }
  }

  /** Writes one whole number. */
  void put(int at, int value) {
    throw new IllegalStateException("whole number " + value + " in a column of another type");
  }

  /** Writes one floating-point number. */
  void put(int at, float value) {
    throw new IllegalStateException("number " + value + " in a column of another type");
  }

  /** Writes one long. */
  void put(int at, long value) {
    throw new IllegalStateException("long " + value + " in a column of another type");
  }

  static NumberSink of(NumberType type, ByteBuffer out) {
    return switch (type) {
      case UINT8 -> new Bytes(out);
      case INT32 -> new Ints(out.asIntBuffer());
      case INT64 -> new Longs(out.asLongBuffer());
      case FLOAT16 -> new Float16s(out.asShortBuffer());
      case BFLOAT16 -> new Bfloat16s(out.asShortBuffer());
      case FLOAT32 -> new Floats(out.asFloatBuffer());
    };
  }

  private static final class Bytes extends NumberSink {
    private final ByteBuffer out;

    Bytes(ByteBuffer out) {
      this.out = out;
    }

    @Override
    void put(int at, int value) {
      out.put(at, (byte) value);
    }
  }

  private static final class Ints extends NumberSink {
    private final IntBuffer out;

    Ints(IntBuffer out) {
      this.out = out;
    }

    @Override
    void put(int at, int[] values, int from, int n) {
      out.put(at, values, from, n);
    }

    @Override
    void put(int at, int value) {
      out.put(at, value);
    }
  }

  private static final class Longs extends NumberSink {
    private final LongBuffer out;

    Longs(LongBuffer out) {
      this.out = out;
    }

    @Override
    void put(int at, int[] values, int from, int n) {
      for (int i = 0; i < n; i++) {
        out.put(at + i, values[from + i]);
      }
    }

    @Override
    void put(int at, int value) {
      out.put(at, value);
    }

    @Override
    void put(int at, long value) {
      out.put(at, value);
    }
  }

  private static final class Floats extends NumberSink {
    private final FloatBuffer out;

    Floats(FloatBuffer out) {
      this.out = out;
    }

    @Override
    void put(int at, float[] values, int from, int n) {
      out.put(at, values, from, n);
    }

    @Override
    void put(int at, float value) {
      out.put(at, value);
    }
  }

  private static final class Float16s extends NumberSink {
    private static final int AT_ONCE = 1 << 12;

    private final ShortBuffer out;
    private final short[] halves = new short[AT_ONCE]; // Vectors of an array, not of a buffer.

    Float16s(ShortBuffer out) {
      this.out = out;
    }

    @Override
    void put(int at, float[] values, int from, int n) {
      for (int i = 0; i < n; i += AT_ONCE) {
        int count = Math.min(AT_ONCE, n - i);
        HalfFloats.float16(values, from + i, halves, count);
        out.put(at + i, halves, 0, count);
      }
    }

    @Override
    void put(int at, float value) {
      out.put(at, HalfFloats.float16(value));
    }
  }

  private static final class Bfloat16s extends NumberSink {
    private final ShortBuffer out;

    Bfloat16s(ShortBuffer out) {
      this.out = out;
    }

    @Override
    void put(int at, float[] values, int from, int n) {
      for (int i = 0; i < n; i++) {
        out.put(at + i, HalfFloats.bfloat16(values[from + i]));
      }
    }

    @Override
    void put(int at, float value) {
      out.put(at, HalfFloats.bfloat16(value));
    }
  }
}
