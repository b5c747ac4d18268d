package dev.stillhouse.storage.store;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import java.util.List;

/** Refuses reads that would take too much memory at once. */
public final class ReadLimit {
  private ReadLimit() {}

  public static void check(String key, List<ByteRange> ranges) {
    long bytes = ranges.stream().mapToLong(ByteRange::length).sum();
    if (bytes > BlobStore.MAX_BYTES_AT_ONCE) {
      throw DataException.of(
          "%s: %d bytes in one read; the limit is %d",
          BlobKeys.check(key), bytes, BlobStore.MAX_BYTES_AT_ONCE);
    }
    HeapLimit.checkAtOnce(BlobKeys.check(key), bytes);
  }
}
