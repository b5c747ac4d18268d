package dev.stillhouse.pipeline.teacher.logits;

import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.pipeline.teacher.Float16;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Lends rows of the file: float32 where they lie, float16 widened into one block of memory. */
final class NpyCursor implements LogitsCursor {
  /** Bytes of a block of float32 values, unless a single row is longer. */
  private static final int BLOCK_BYTES = 1 << 20;

  private final NpyFile file;
  private final TokenBatch batch;
  private final int width;
  private final int blockRows;
  private final @Nullable ByteBuffer wide;
  private @Nullable Logits open;
  private boolean closed;
  private int slot;

  NpyCursor(NpyFile file, TokenBatch batch, int width) {
    this.file = file;
    this.batch = batch;
    this.width = width;
    blockRows = Math.max(1, BLOCK_BYTES / (Float.BYTES * width));
    wide =
        file.header().type().equals("<f2")
            ? ByteBuffer.allocateDirect(blockRows * width * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
            : null;
  }

  @Override
  public @Nullable Logits next() {
    checkState(!closed, "LogitsCursor: next after close");
    checkState(open == null, "LogitsCursor: close the block before asking for the next");
    while (slot < batch.slots() && batch.padding(slot)) {
      slot++;
    }
    if (slot == batch.slots()) {
      return null;
    }
    int first = slot;
    long row = LogitsTeacher.row(batch, first);
    long most = Math.min(blockRows, file.rowsInWindow(row));
    while (slot < batch.slots() && slot - first < most && !batch.padding(slot)) {
      slot++;
    }
    ByteBuffer rows = file.view(row, slot - first);
    Logits lent =
        new Logits(
            wide == null ? rows : widen(rows, wide), first, slot - first, width, () -> open = null);
    open = lent;
    return lent;
  }

  private static ByteBuffer widen(ByteBuffer from, ByteBuffer to) {
    Float16.widen(from.asShortBuffer(), to.asFloatBuffer());
    return to.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
    }
    closed = true;
  }
}
