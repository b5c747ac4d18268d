package dev.stillhouse.storage.replica.cache;

import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;

/**
 * Bytes of a blob.
 *
 * @param offset of the first
 * @param bytes from position to limit; never changed
 */
public record CachedRange(long offset, ByteBuffer bytes) {
  /** Returns the range of the bytes. */
  public ByteRange range() {
    return new ByteRange(offset, bytes.remaining());
  }

  /** Returns the bytes in {@code range}, which must lie within. */
  ByteBuffer slice(ByteRange range) {
    int from = bytes.position() + (int) (range.offset() - offset);
    return bytes.slice(from, range.length());
  }
}
