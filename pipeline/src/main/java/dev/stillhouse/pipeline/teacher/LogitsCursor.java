package dev.stillhouse.pipeline.teacher;

import org.jspecify.annotations.Nullable;

/**
 * Pulls the logits of one batch, block by block; used by one thread. At most one block of a cursor
 * is open at a time, which bounds the memory of a job: one block for each thread that reads.
 */
public interface LogitsCursor extends AutoCloseable {
  /**
   * The next block, or null when every slot has been given. Blocks come in any order (a model reads
   * segments of like length together); together they cover each slot that is not padding exactly
   * once.
   *
   * @throws IllegalStateException while the block before is still open, or after {@link #close}
   */
  @Nullable Logits next();

  /** Ends the reading, at the end or before it; a block that is still open is closed too. */
  @Override
  void close();
}
