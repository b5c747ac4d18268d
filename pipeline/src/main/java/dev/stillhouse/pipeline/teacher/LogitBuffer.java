package dev.stillhouse.pipeline.teacher;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Logits one behind another in memory, in direct memory or on the heap, in the type that the
 * teacher has them in. A view: who made it may change what it shows. A sixteen-bit logit is worth
 * the same as its float32, which is exact, and an extractor gives the same bits for both.
 *
 * <p>Indices count logits. Reads outside throw {@link IndexOutOfBoundsException}.
 */
public abstract sealed class LogitBuffer permits Float32Logits, Bfloat16Logits {
  /** Of heap memory; of the same class as {@link #words} of direct memory, whoever reads it. */
  private static final FloatBuffer NO_WORDS = words(ByteBuffer.allocateDirect(Float.BYTES));

  /**
   * Most bytes of one copy. From 4 KiB on the JVM copies by 64 bytes at once, which takes a fifth
   * longer where source and target lie differently to a cache line, as luck has it.
   */
  static final int COPY = 4032;

  private final FloatBuffer words;
  private final boolean shown;

  /** A buffer over {@code memory}. */
  LogitBuffer(ByteBuffer memory) {
    shown = memory.isDirect();
    words = shown ? words(memory) : NO_WORDS;
  }

  /** A buffer on the heap. */
  LogitBuffer() {
    shown = false;
    words = NO_WORDS;
  }

  private static FloatBuffer words(ByteBuffer memory) {
    return memory.slice().asReadOnlyBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Float32 values, little-endian, from the position to the limit of {@code memory}. */
  public static LogitBuffer float32(ByteBuffer memory) {
    return new Float32Logits(memory);
  }

  /** Float32 values on the heap. */
  public static LogitBuffer float32(float[] values) {
    return new Float32Logits(values);
  }

  /** Bfloat16 values, little-endian, from the position to the limit of {@code memory}. */
  public static LogitBuffer bfloat16(ByteBuffer memory) {
    return new Bfloat16Logits(memory);
  }

  /** Bfloat16 values on the heap: the upper halves of float32 values. */
  public static LogitBuffer bfloat16(short[] values) {
    return new Bfloat16Logits(values);
  }

  /** How many logits there are. */
  public abstract int size();

  /** Bytes of one logit. */
  public abstract int width();

  /** One logit. */
  public abstract float get(int index);

  /** Copies logits {@code index .. index + n - 1} to the front of {@code into}. */
  public abstract void get(int index, float[] into, int n);

  /**
   * The same memory as words of four bytes, so that it can be touched a cache line ahead of its
   * use; of one class for every buffer, since a loop that met two would make a virtual call. Memory
   * on the heap has one word that stands for nothing.
   */
  public final FloatBuffer words() {
    return words;
  }

  /** The word that holds logit {@code index}, or -1 if {@link #words} does not show it. */
  public final int word(int index) {
    int word = width() == Float.BYTES ? index : index / 2;
    return shown && word < words.limit() ? word : -1;
  }

  /** The bytes are little-endian whatever order {@code memory} says: a slice has forgotten it. */
  public static ByteBuffer bytes(ByteBuffer memory) {
    return memory.slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
