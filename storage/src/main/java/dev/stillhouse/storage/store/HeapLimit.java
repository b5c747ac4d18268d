package dev.stillhouse.storage.store;

import dev.stillhouse.storage.DataException;

/**
 * Compares sizes that come from outside with this process's heap, before memory is taken for them.
 */
public final class HeapLimit {
  private static final long HEAP = Runtime.getRuntime().maxMemory();

  private HeapLimit() {}

  /** Refuses to read more bytes at once than the free heap allows. */
  static void checkAtOnce(String what, long bytes) {
    check(what, bytes, HEAP - HEAP / 4);
  }

  /** Refuses a blob that is read whole and parsed, which takes its length several times. */
  public static void checkWhole(String what, long bytes) {
    check(what, bytes, HEAP / 4);
  }

  private static void check(String what, long bytes, long limit) {
    if (bytes > limit) {
      throw DataException.of(
          "%s: %d bytes; this process, whose heap is %d, takes at most %d; if it must be so"
              + " large give it more (STILLHOUSE_OPTS=-Xmx...)",
          what, bytes, HEAP, limit);
    }
  }
}
