package dev.stillhouse.pipeline.teacher.ngram;

import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Fills block after block until the batch is done; returned blocks are reused. */
final class NgramCursor implements LogitsCursor {
  private final NgramModel model;
  private final TokenBatch batch;
  private final BlockPool pool;
  private final int blockRows;
  private final float[] row;
  private boolean closed;
  private int slot;

  NgramCursor(NgramModel model, TokenBatch batch, BlockPool pool, int blockRows) {
    this.model = model;
    this.batch = batch;
    this.pool = pool;
    this.blockRows = blockRows;
    this.row = new float[model.vocabulary()];
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
    ByteBuffer block = pool.take();
    FloatBuffer floats = block.asFloatBuffer();
    while (slot < batch.slots() && !batch.padding(slot) && slot - first < blockRows) {
      model.row(NgramModel.before(batch, slot), batch.tokens()[slot], row);
      floats.put(row);
      slot++;
    }
    return new Logits(block, first, slot - first, row.length, () -> pool.giveBack(block));
  }

  @Override
  public void close() {
    closed = true;
  }
}
