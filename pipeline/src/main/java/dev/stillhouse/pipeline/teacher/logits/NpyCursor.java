package dev.stillhouse.pipeline.teacher.logits;

import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.Float16;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Lends rows of the file: float32 from the mapping itself, float16 widened into blocks of a pool.
 */
final class NpyCursor implements LogitsCursor {
  /** Bytes of a block of float32 values, unless a single row is longer. */
  private static final int BLOCK_BYTES = 1 << 20;

  private final NpyFile file;
  private final TokenBatch batch;
  private final int width;
  private final int blockRows;
  private final BlockPool pool;
  private boolean closed;
  private int slot;

  NpyCursor(NpyFile file, TokenBatch batch, int width, BlockPool pool) {
    this.file = file;
    this.batch = batch;
    this.width = width;
    blockRows = Math.max(1, BLOCK_BYTES / (Float.BYTES * width));
    this.pool = pool;
  }

  @Override
  public @Nullable Logits next() {
    checkState(!closed, "LogitsCursor: next after close");
    while (slot < batch.slots() && batch.padding(slot)) {
      slot++;
    }
    if (slot == batch.slots()) {
      return null;
    }
    int first = slot;
    long row = LogitsTeacher.row(batch, first);
    long max = Math.min(blockRows, file.rowsInWindow(row));
    while (slot < batch.slots() && slot - first < max && !batch.padding(slot)) {
      slot++;
    }
    ByteBuffer rows = file.view(row, slot - first);
    if (!file.header().type().equals("<f2")) {
      return new Logits(rows, first, slot - first, width, () -> {});
    }
    ByteBuffer wide = pool.take(blockRows * width * Float.BYTES);
    Float16.widen(rows.asShortBuffer(), wide.asFloatBuffer());
    return new Logits(wide, first, slot - first, width, () -> pool.giveBack(wide));
  }

  @Override
  public void close() {
    closed = true;
  }
}
