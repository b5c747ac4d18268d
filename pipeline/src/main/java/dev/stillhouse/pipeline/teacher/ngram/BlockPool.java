package dev.stillhouse.pipeline.teacher.ngram;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Direct memory of one size, used again. Lent are as many blocks as cursors are open; at most
 * {@value #MOST_IDLE} wait for the next one, more are left to the garbage collector.
 */
final class BlockPool {
  private static final int MOST_IDLE = 16;

  private final int bytes;
  private final ArrayBlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(MOST_IDLE);

  BlockPool(int bytes) {
    this.bytes = bytes;
  }

  ByteBuffer take() {
    ByteBuffer block = idle.poll();
    return block != null ? block : ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  void giveBack(ByteBuffer block) {
    idle.offer(block); // A full queue drops the block, which is meant.
  }

  void clear() {
    idle.clear();
  }
}
