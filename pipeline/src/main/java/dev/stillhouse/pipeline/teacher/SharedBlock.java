package dev.stillhouse.pipeline.teacher;

import java.nio.ByteBuffer;

/**
 * A block of a {@link BlockPool} out of which several {@link Logits} are lent: it goes back when
 * its owner and all who borrowed are done. Safe to use from several threads.
 */
public final class SharedBlock {
  private final BlockPool pool;
  private final ByteBuffer memory;
  private int holders = 1;

  /** Takes a block of at least {@code atLeast} bytes; the caller is its owner. */
  public SharedBlock(BlockPool pool, int atLeast) {
    this.pool = pool;
    this.memory = pool.take(atLeast);
  }

  /** The block, little-endian. */
  public ByteBuffer memory() {
    return memory;
  }

  /** One more who uses it; what is returned is to be run once, when that one is done. */
  public synchronized Runnable hold() {
    holders++;
    return this::release;
  }

  /** The owner is done with it. */
  public synchronized void release() {
    if (--holders == 0) {
      pool.giveBack(memory);
    }
  }
}
