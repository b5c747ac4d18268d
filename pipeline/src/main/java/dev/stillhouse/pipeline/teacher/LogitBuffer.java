package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.PublicApi;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Logits one behind another, in direct memory or on the heap, in the teacher's type. It is a view:
 * its owner may change what it shows. A sixteen-bit logit equals its float32, which is exact, and
 * an extractor gives the same bits for both.
 *
 * <p>Indices count logits. Reads outside throw {@link IndexOutOfBoundsException}.
 */
@PublicApi
public abstract sealed class LogitBuffer permits Float32Logits, Bfloat16Logits {
  /** The words of heap memory; of the same class as {@link #words} of direct memory. */
  private static final FloatBuffer NO_WORDS = words(ByteBuffer.allocateDirect(Float.BYTES));

  /**
   * Max bytes of one copy. From 4 KiB on the JVM copies by 64 bytes at once, which takes a fifth
   * longer if source and target are aligned differently to a cache line.
   */
  static final int COPY = 4032;

  private final FloatBuffer words;
  private final boolean shown;

  /** Creates a buffer over {@code memory}. */
  LogitBuffer(ByteBuffer memory) {
    shown = memory.isDirect();
    words = shown ? words(memory) : NO_WORDS;
  }

  /** Creates a buffer on the heap. */
  LogitBuffer() {
    shown = false;
    words = NO_WORDS;
  }

  private static FloatBuffer words(ByteBuffer memory) {
    return memory.slice().asReadOnlyBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /**
   * Returns a buffer of float32 values, little-endian, from the position to the limit of {@code
   * memory}.
   */
  public static LogitBuffer float32(ByteBuffer memory) {
    return new Float32Logits(memory);
  }

  /** Returns a buffer of float32 values on the heap. */
  public static LogitBuffer float32(float[] values) {
    return new Float32Logits(values);
  }

  /**
   * Returns a buffer of bfloat16 values, little-endian, from the position to the limit of {@code
   * memory}.
   */
  public static LogitBuffer bfloat16(ByteBuffer memory) {
    return new Bfloat16Logits(memory);
  }

  /** Returns a buffer of bfloat16 values on the heap: the upper halves of float32 values. */
  public static LogitBuffer bfloat16(short[] values) {
    return new Bfloat16Logits(values);
  }

  /** Returns the number of logits. */
  public abstract int size();

  /** Returns the bytes of one logit. */
  public abstract int width();

  /** Returns one logit. */
  public abstract float get(int index);

  /** Copies logits {@code index .. index + n - 1} to the front of {@code into}. */
  public abstract void get(int index, float[] into, int n);

  /**
   * Returns the same memory as words of four bytes, so that it can be touched a cache line ahead of
   * its use. All buffers return one class, since a loop over two classes would make a virtual call.
   * Heap memory has one word that stands for nothing.
   */
  public final FloatBuffer words() {
    return words;
  }

  /** Returns the word that holds logit {@code index}, or -1 if {@link #words} does not show it. */
  public final int word(int index) {
    int word = width() == Float.BYTES ? index : index / 2;
    return shown && word < words.limit() ? word : -1;
  }

  /**
   * Returns the memory in little-endian order, whatever order {@code memory} has: a slice does not
   * inherit it.
   */
  public static ByteBuffer bytes(ByteBuffer memory) {
    return memory.slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
