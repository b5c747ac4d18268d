package dev.stillhouse.pipeline.teacher;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A block of logits that a teacher lends: rows of slots {@code firstSlot .. firstSlot + count - 1},
 * none of them padding. The memory is the teacher's: after {@link #close} it may be overwritten or
 * gone, so whoever borrows a block keeps no buffer of it. Used by one thread.
 */
public final class Logits implements AutoCloseable {
  private final FloatBuffer rows;
  private final int firstSlot;
  private final int count;
  private final int width;
  private final Runnable release;
  private boolean closed;

  /**
   * Lends {@code memory}.
   *
   * @param memory direct; from its position on, float32 little-endian rows {@code [count][width]}
   * @param firstSlot slot of the first row, row-major in the batch
   * @param release called once, when the borrower is done
   */
  public Logits(ByteBuffer memory, int firstSlot, int count, int width, Runnable release) {
    checkArgument(memory.isDirect(), "Logits: a block lies in direct memory");
    checkArgument(
        firstSlot >= 0 && count >= 1 && width >= 1,
        "Logits: firstSlot=%s, count=%s, width=%s, need >= 0, 1, 1",
        firstSlot,
        count,
        width);
    FloatBuffer floats = memory.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    checkArgument(
        floats.capacity() >= (long) count * width,
        "Logits: %s floats, need %s rows of %s",
        floats.capacity(),
        count,
        width);
    this.rows = floats.slice(0, count * width).asReadOnlyBuffer();
    this.firstSlot = firstSlot;
    this.count = count;
    this.width = width;
    this.release = release;
  }

  /** The rows, row-major {@code [count][width]}; a view of direct memory, valid until close. */
  public FloatBuffer rows() {
    checkState(!closed, "Logits: read after close");
    return rows;
  }

  /** Slot of the first row, row-major in the batch that was read. */
  public int firstSlot() {
    return firstSlot;
  }

  /** How many rows. */
  public int count() {
    return count;
  }

  /** Ids in a row. */
  public int width() {
    return width;
  }

  /** Gives the memory back; a second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
