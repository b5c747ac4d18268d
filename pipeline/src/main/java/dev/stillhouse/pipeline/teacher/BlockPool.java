package dev.stillhouse.pipeline.teacher;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Direct memory that is used again. Lent are as many blocks as cursors ask for; at most {@value
 * #MAX_IDLE} wait for the next one, more are left to the garbage collector.
 */
public final class BlockPool {
  private static final int MAX_IDLE = 16;

  private final int bytes;
  private final ArrayBlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(MAX_IDLE);

  /** A pool of blocks of {@code bytes}, and of larger ones where more is asked for. */
  public BlockPool(int bytes) {
    this.bytes = bytes;
  }

  /** A block of the usual size, little-endian. */
  public ByteBuffer take() {
    return take(bytes);
  }

  /** A block of at least {@code atLeast} bytes, little-endian. */
  public ByteBuffer take(int atLeast) {
    ByteBuffer block = idle.poll();
    // One that is too small is dropped: larger ones take its place.
    return block != null && block.capacity() >= atLeast
        ? block
        : ByteBuffer.allocateDirect(Math.max(atLeast, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Takes a block back; nobody uses it any more. */
  public void giveBack(ByteBuffer block) {
    idle.offer(block); // A full queue drops the block, which is meant.
  }

  /** Drops all that is idle. */
  public void clear() {
    idle.clear();
  }
}
