package dev.stillhouse.pipeline.teacher;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Logits of four bytes. */
public final class Float32Logits extends LogitBuffer {
  private final FloatBuffer values;

  Float32Logits(ByteBuffer memory) {
    super(memory);
    values = bytes(memory).asFloatBuffer().asReadOnlyBuffer();
  }

  Float32Logits(float[] values) {
    this.values = FloatBuffer.wrap(values);
  }

  @Override
  public int size() {
    return values.limit();
  }

  @Override
  public int width() {
    return Float.BYTES;
  }

  @Override
  public float get(int index) {
    return values.get(index);
  }

  @Override
  public void get(int index, float[] into, int n) {
    int max = COPY / Float.BYTES;
    for (int i = 0; i < n; i += max) {
      values.get(index + i, into, i, Math.min(max, n - i));
    }
  }
}
