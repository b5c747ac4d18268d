package dev.stillhouse.pipeline.teacher;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;

/** Logits of two bytes: the upper halves of float32 values. */
public final class Bfloat16Logits extends LogitBuffer {
  private final ShortBuffer values;

  Bfloat16Logits(ByteBuffer memory) {
    super(memory);
    values = bytes(memory).asShortBuffer().asReadOnlyBuffer();
  }

  Bfloat16Logits(short[] values) {
    this.values = ShortBuffer.wrap(values);
  }

  @Override
  public int size() {
    return values.limit();
  }

  @Override
  public int width() {
    return Short.BYTES;
  }

  @Override
  public float get(int index) {
    return wide(values.get(index));
  }

  @Override
  public void get(int index, float[] into, int n) {
    for (int i = 0; i < n; i++) {
      into[i] = wide(values.get(index + i));
    }
  }

  /** Copies logits as they are to the front of {@code into}. */
  public void get(int index, short[] into, int n) {
    int max = COPY / Short.BYTES;
    for (int i = 0; i < n; i += max) {
      values.get(index + i, into, i, Math.min(max, n - i));
    }
  }

  /** Returns the float32 of the same value. */
  public static float wide(short value) {
    return Float.intBitsToFloat(value << 16);
  }
}
