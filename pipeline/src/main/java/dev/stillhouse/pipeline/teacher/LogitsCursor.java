package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.PublicApi;
import org.jspecify.annotations.Nullable;

/**
 * Gives the logits of one batch, block by block. For one thread; the blocks may be closed by
 * another, in any order, also after the cursor.
 *
 * <p>Any number of blocks may be open: each keeps its rows until it is closed, and a cursor takes
 * more memory for the next if it must. The caller limits their number, and with that the memory of
 * a job: one, or as many as {@link DenseTeacher#waitingBytes} allows.
 */
@PublicApi
public interface LogitsCursor extends AutoCloseable {
  /**
   * Returns the next block, or null after the last. Blocks come in any order (a model reads
   * segments of similar length together); together they cover each slot that is not padding exactly
   * once.
   *
   * @throws IllegalStateException after {@link #close}
   */
  @Nullable Logits next();

  /** Ends the reading, at the end or before it. Blocks that are still open stay so. */
  @Override
  void close();
}
