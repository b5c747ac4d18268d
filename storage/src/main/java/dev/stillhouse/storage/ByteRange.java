package dev.stillhouse.storage;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * A run of bytes of a blob.
 *
 * @param offset bytes from the blob's start
 * @param length bytes
 */
@PublicApi
public record ByteRange(long offset, int length) {
  public ByteRange {
    checkArgument(offset >= 0, "ByteRange: offset=%s, need >= 0", offset);
    checkArgument(length >= 0, "ByteRange: length=%s, need >= 0", length);
    checkArgument(
        offset <= Long.MAX_VALUE - length, "ByteRange: %s + %s is too large", offset, length);
  }

  /** Returns the first offset behind the range. */
  public long end() {
    return offset + length;
  }
}
