package dev.stillhouse.pipeline.teacher;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.storage.PublicApi;
import java.nio.ByteBuffer;

/**
 * A block of logits that a teacher lends: rows of slots {@code firstSlot .. firstSlot + count - 1},
 * none of them padding. The memory is the teacher's: after {@link #close} it may be overwritten or
 * gone, so do not keep a buffer of it. For one thread at a time; a block may be handed on, and
 * closed by another thread than the one that asked for it.
 */
@PublicApi
public final class Logits implements AutoCloseable {
  private final LogitBuffer rows;
  private final int firstSlot;
  private final int count;
  private final int width;
  private final Runnable release;
  private boolean closed;

  /**
   * Lends {@code rows}.
   *
   * @param rows begins with {@code [count][width]} logits, row-major
   * @param firstSlot slot of the first row, row-major in the batch
   * @param release called once, when the block is closed, in the closing thread
   */
  public Logits(LogitBuffer rows, int firstSlot, int count, int width, Runnable release) {
    checkArgument(
        firstSlot >= 0 && count >= 1 && width >= 1,
        "Logits: firstSlot=%s, count=%s, width=%s, need >= 0, 1, 1",
        firstSlot,
        count,
        width);
    checkArgument(
        rows.size() >= (long) count * width,
        "Logits: %s values, need %s rows of %s",
        rows.size(),
        count,
        width);
    this.rows = rows;
    this.firstSlot = firstSlot;
    this.count = count;
    this.width = width;
    this.release = release;
  }

  /** Lends {@code memory}: from its position on float32, little-endian, direct or on the heap. */
  public Logits(ByteBuffer memory, int firstSlot, int count, int width, Runnable release) {
    this(LogitBuffer.float32(memory), firstSlot, count, width, release);
  }

  /**
   * Returns the rows, row-major {@code [count][width]}; a view of the memory, valid until close.
   */
  public LogitBuffer rows() {
    checkState(!closed, "Logits: read after close");
    return rows;
  }

  /** Returns the slot of the first row, row-major in the batch that was read. */
  public int firstSlot() {
    return firstSlot;
  }

  /** Returns the number of rows. */
  public int count() {
    return count;
  }

  /** Returns the number of ids in a row. */
  public int width() {
    return width;
  }

  /** Returns the memory to the teacher; a second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
