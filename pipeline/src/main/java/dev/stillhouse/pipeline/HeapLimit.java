package dev.stillhouse.pipeline;

import dev.stillhouse.storage.DataException;

/**
 * Limits, by the heap, what is read of one input. An input beyond the limit fails the run. It is
 * not skipped, because what a dataset holds must not depend on the heap.
 */
public final class HeapLimit {
  private HeapLimit() {}

  /**
   * Refuses an input that does not fit into the heap.
   *
   * @param what is read, for messages
   * @param bytes of the input
   * @param times bytes of heap that each of them takes
   */
  public static void check(String what, long bytes, int times) {
    check(what, bytes, times, Runtime.getRuntime().maxMemory());
  }

  /** Refuses an input that does not fit into a heap of this size, for tests. */
  public static void check(String what, long bytes, int times, long heap) {
    if (bytes > heap / times) {
      throw DataException.of(
          "%s: %d bytes take up to %d in memory, and the heap has %d; give it more:"
              + " STILLHOUSE_OPTS=-Xmx%dm",
          what, bytes, bytes * times, heap, ((bytes * times) >> 20) * 3 / 2 + 256);
    }
  }
}
