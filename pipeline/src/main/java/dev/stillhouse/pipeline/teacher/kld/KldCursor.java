package dev.stillhouse.pipeline.teacher.kld;

import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Lends the rows of a file, unpacked into blocks of a pool. */
final class KldCursor implements LogitsCursor {
  /** Bytes of a block, unless a single row is longer: it is reduced while it lies in the cache. */
  private static final int BLOCK_BYTES = 1 << 20;

  private final KldFile file;
  private final TokenBatch batch;
  private final BlockPool pool;
  private final int blockRows;
  private final short[] scratch;
  private final float[] row;
  private boolean closed;
  private int sequence;
  private int next;

  KldCursor(KldFile file, TokenBatch batch, BlockPool pool) {
    this.file = file;
    this.batch = batch;
    this.pool = pool;
    this.blockRows = Math.max(1, BLOCK_BYTES / (Float.BYTES * file.vocabulary()));
    this.scratch = new short[file.vocabulary()];
    this.row = new float[file.vocabulary()];
  }

  @Override
  public @Nullable Logits next() {
    checkState(!closed, "LogitsCursor: next after close");
    while (sequence < batch.sequences()
        && (next == file.rowsOfChunk() || batch.padding(slot(next)))) {
      boolean whole = next == file.rowsOfChunk();
      sequence += whole ? 1 : 0;
      next = whole ? 0 : next + 1;
    }
    if (sequence == batch.sequences()) {
      return null;
    }
    int chunk = (int) (batch.firstSequence() + sequence);
    int count = 1;
    while (count < Math.min(blockRows, file.rowsOfChunk() - next)
        && !batch.padding(slot(next + count))) {
      count++;
    }
    ByteBuffer records = file.records(chunk, next, count);
    ByteBuffer memory = pool.take(blockRows * file.vocabulary() * Float.BYTES);
    FloatBuffer rows = memory.asFloatBuffer();
    int position = file.firstPosition() + next;
    try {
      for (int r = 0; r < count; r++) {
        file.unpack(records, r, scratch, row);
        rows.put(row);
      }
    } catch (DataException e) {
      pool.giveBack(memory);
      throw new DataException(
          "sequence " + chunk + ", position " + position + " or after: " + e.getMessage(), e);
    }
    int slot = slot(next);
    next += count;
    return new Logits(memory, slot, count, file.vocabulary(), () -> pool.giveBack(memory));
  }

  /** Returns the slot of a row of the sequence. */
  private int slot(int row) {
    return sequence * batch.length() + file.firstPosition() + row;
  }

  @Override
  public void close() {
    closed = true;
  }
}
