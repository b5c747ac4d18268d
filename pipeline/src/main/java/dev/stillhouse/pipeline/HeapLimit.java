package dev.stillhouse.pipeline;

import dev.stillhouse.storage.DataException;

/**
 * A limit below the heap on what is read of one input. Beyond it a run fails; nothing is skipped
 * because of it, since what a dataset holds must not follow the heap.
 */
public final class HeapLimit {
  private HeapLimit() {}

  /**
   * Refuses what does not fit into the heap.
   *
   * @param what is read, for messages
   * @param bytes that it has
   * @param times bytes of heap that each of them takes
   */
  public static void check(String what, long bytes, int times) {
    check(what, bytes, times, Runtime.getRuntime().maxMemory());
  }

  /** The same with another heap, for tests. */
  public static void check(String what, long bytes, int times, long heap) {
    if (bytes > heap / times) {
      throw DataException.of(
          "%s: %d bytes take up to %d in memory, and the heap has %d; give it more:"
              + " STILLHOUSE_OPTS=-Xmx%dm",
          what, bytes, bytes * times, heap, ((bytes * times) >> 20) * 3 / 2 + 256);
    }
  }
}
