package dev.stillhouse.pipeline.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogitBufferTest {
  private static final float[] VALUES = {1.5f, -3, 0.25f, Float.NEGATIVE_INFINITY, 96};

  @Test
  void allKindsOfMemoryHoldTheSameValues() {
    for (LogitBuffer buffer : all()) {
      float[] read = new float[4];
      buffer.get(1, read, 3);
      assertArrayEquals(new float[] {-3, 0.25f, Float.NEGATIVE_INFINITY, 0}, read);
      assertEquals(VALUES.length, buffer.size());
      for (int i = 0; i < VALUES.length; i++) {
        assertEquals(VALUES[i], buffer.get(i));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> buffer.get(5));
      assertThrows(IndexOutOfBoundsException.class, () -> buffer.get(3, new float[9], 3));
      assertThrows(ReadOnlyBufferException.class, () -> buffer.words().put(0, 1));
    }
  }

  /** A second class, and the kernel's loop would make a virtual call for every line it touches. */
  @Test
  void wordsAreOfOneClassAndShowDirectMemory() {
    for (LogitBuffer buffer : all()) {
      assertSame(all().get(0).words().getClass(), buffer.words().getClass());
    }
    LogitBuffer wide = LogitBuffer.float32(memory(4, true));
    assertEquals(0.25f, wide.words().get(wide.word(2)));
    LogitBuffer narrow = LogitBuffer.bfloat16(memory(2, true));
    assertEquals(1, narrow.word(3));
    assertEquals(0x3E80, Float.floatToRawIntBits(narrow.words().get(narrow.word(3))) & 0xFFFF);
    assertEquals(-1, narrow.word(4)); // Two of five words' bytes are no word.
    assertEquals(-1, LogitBuffer.float32(VALUES).word(0));
    assertEquals(-1, LogitBuffer.float32(memory(4, false)).word(0));
  }

  private static List<LogitBuffer> all() {
    short[] halves = new short[VALUES.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = half(VALUES[i]);
    }
    return List.of(
        LogitBuffer.float32(memory(4, true)),
        LogitBuffer.float32(memory(4, false)),
        LogitBuffer.float32(VALUES),
        LogitBuffer.bfloat16(memory(2, true)),
        LogitBuffer.bfloat16(memory(2, false)),
        LogitBuffer.bfloat16(halves));
  }

  /** Little-endian bytes behind three others, in a buffer that says that it is big-endian. */
  private static ByteBuffer memory(int width, boolean direct) {
    int bytes = 3 + VALUES.length * width;
    ByteBuffer memory = direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    memory.order(ByteOrder.LITTLE_ENDIAN).position(3);
    for (float value : VALUES) {
      if (width == 2) {
        memory.putShort(half(value));
      } else {
        memory.putFloat(value);
      }
    }
    return memory.position(3).order(ByteOrder.BIG_ENDIAN);
  }

  private static short half(float value) {
    return (short) (Float.floatToRawIntBits(value) >>> 16);
  }
}
