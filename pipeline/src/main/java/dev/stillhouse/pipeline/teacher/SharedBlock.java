package dev.stillhouse.pipeline.teacher;

import java.nio.ByteBuffer;

/**
 * A block of a {@link BlockPool} of which several {@link Logits} lend parts. It returns to the pool
 * when its owner and all borrowers are done. Safe for many threads.
 */
public final class SharedBlock {
  private final BlockPool pool;
  private final ByteBuffer memory;
  private int holders = 1;

  /** Takes a block of at least {@code atLeast} bytes for the caller, its owner. */
  public SharedBlock(BlockPool pool, int atLeast) {
    this.pool = pool;
    this.memory = pool.take(atLeast);
  }

  /** Returns the block, little-endian. */
  public ByteBuffer memory() {
    return memory;
  }

  /** Adds a borrower; returns what to run once, when that borrower is done. */
  public synchronized Runnable hold() {
    holders++;
    return this::release;
  }

  /** Ends the owner's use. */
  public synchronized void release() {
    if (--holders == 0) {
      pool.giveBack(memory);
    }
  }
}
