package dev.stillhouse.pipeline.teacher;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Lends blocks of direct memory and reuses them. The number of lent blocks is unlimited; at most
 * {@value #MAX_IDLE} idle ones are held, more are left to the garbage collector.
 */
public final class BlockPool {
  private static final int MAX_IDLE = 16;

  private final int bytes;
  private final ArrayBlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(MAX_IDLE);

  /** Creates a pool of blocks of {@code bytes}, and of larger ones on request. */
  public BlockPool(int bytes) {
    this.bytes = bytes;
  }

  /** Returns a block of the usual size, little-endian. */
  public ByteBuffer take() {
    return take(bytes);
  }

  /** Returns a block of at least {@code atLeast} bytes, little-endian. */
  public ByteBuffer take(int atLeast) {
    ByteBuffer block = idle.poll();
    // One that is too small is dropped: larger ones take its place.
    return block != null && block.capacity() >= atLeast
        ? block
        : ByteBuffer.allocateDirect(Math.max(atLeast, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Takes a block back. Nothing may use it any more. */
  public void giveBack(ByteBuffer block) {
    idle.offer(block); // A full queue drops the block, which is meant.
  }

  /** Drops all idle blocks. */
  public void clear() {
    idle.clear();
  }
}
