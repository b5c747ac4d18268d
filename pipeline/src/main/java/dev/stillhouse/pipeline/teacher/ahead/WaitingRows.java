package dev.stillhouse.pipeline.teacher.ahead;

import dev.stillhouse.pipeline.teacher.Logits;

/**
 * How many bytes of rows wait for the extractor, over all cursors of one teacher's thread; the
 * monitor on which both threads wait.
 */
final class WaitingRows {
  private final long max;
  private long bytes;

  WaitingRows(long max) {
    this.max = max;
  }

  /** Whether another block may be made; under the monitor, like all here. */
  boolean room() {
    return bytes < max;
  }

  void add(Logits block) {
    bytes += bytes(block);
    notifyAll();
  }

  void remove(Logits block) {
    bytes -= bytes(block);
    notifyAll();
  }

  private static long bytes(Logits block) {
    return (long) block.count() * block.width() * block.rows().width();
  }
}
