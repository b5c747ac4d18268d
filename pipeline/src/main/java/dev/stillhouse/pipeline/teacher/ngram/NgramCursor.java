package dev.stillhouse.pipeline.teacher.ngram;

import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Fills one block of memory again and again until the batch is through. */
final class NgramCursor implements LogitsCursor {
  private final NgramModel model;
  private final TokenBatch batch;
  private final BlockPool pool;
  private final int blockRows;
  private final float[] row;
  private @Nullable ByteBuffer memory;
  private @Nullable Logits open;
  private int slot;

  NgramCursor(NgramModel model, TokenBatch batch, BlockPool pool, int blockRows) {
    this.model = model;
    this.batch = batch;
    this.pool = pool;
    this.blockRows = blockRows;
    this.row = new float[model.vocabulary()];
    this.memory = pool.take();
  }

  @Override
  public @Nullable Logits next() {
    checkState(open == null, "LogitsCursor: close the block before asking for the next");
    ByteBuffer block = memory;
    if (block == null) {
      throw new IllegalStateException("LogitsCursor: next after close");
    }
    while (slot < batch.slots() && batch.padding(slot)) {
      slot++;
    }
    int first = slot;
    FloatBuffer floats = block.asFloatBuffer();
    while (slot < batch.slots() && !batch.padding(slot) && slot - first < blockRows) {
      model.row(NgramModel.before(batch, slot), batch.tokens()[slot], row);
      floats.put(row);
      slot++;
    }
    if (slot == first) {
      return null;
    }
    Logits lent = new Logits(block, first, slot - first, row.length, () -> open = null);
    open = lent;
    return lent;
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
    }
    if (memory != null) {
      pool.giveBack(memory);
      memory = null;
    }
  }
}
