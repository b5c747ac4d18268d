package dev.stillhouse.storage.replica.cache;

import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;

/**
 * Some bytes of a blob.
 *
 * @param offset of the first
 * @param bytes from position to limit; never changed
 */
public record CachedRange(long offset, ByteBuffer bytes) {
  /** Where they lie. */
  public ByteRange range() {
    return new ByteRange(offset, bytes.remaining());
  }

  /** Those in {@code range}, which lies within. */
  ByteBuffer slice(ByteRange range) {
    int from = bytes.position() + (int) (range.offset() - offset);
    return bytes.slice(from, range.length());
  }
}
