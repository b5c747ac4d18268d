package dev.stillhouse.pipeline.teacher.ahead;

import dev.stillhouse.pipeline.teacher.Logits;

/**
 * Counts the bytes of rows that wait for the extractor, over all cursors of one teacher's thread.
 * Both threads wait on its monitor.
 */
final class WaitingRows {
  private final long max;
  private long bytes;

  WaitingRows(long max) {
    this.max = max;
  }

  /** Returns whether another block may be made. The caller holds the monitor. */
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
