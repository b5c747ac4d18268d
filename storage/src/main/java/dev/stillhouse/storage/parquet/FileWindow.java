package dev.stillhouse.storage.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Lends bytes of a file through a buffered window. Pages are small and are read in order: a system
 * call for each took a seventh of the time of writing.
 */
final class FileWindow {
  private static final int BYTES = 1 << 18;

  private final FileChannel channel;
  private byte[] window = new byte[BYTES];
  private long start;
  private int length;

  FileWindow(FileChannel channel) {
    this.channel = channel;
  }

  /** Returns bytes, little-endian, lent until the next call. */
  ByteBuffer read(long offset, int bytes) throws IOException {
    if (offset < start || offset + bytes > start + length) {
      fill(offset, bytes);
    }
    return ByteBuffer.wrap(window, (int) (offset - start), bytes)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns bytes as a stream. */
  InputStream stream(long offset, int bytes) throws IOException {
    ByteBuffer lent = read(offset, bytes);
    return new ByteArrayInputStream(lent.array(), lent.arrayOffset(), bytes);
  }

  private void fill(long offset, int min) throws IOException {
    window = window.length < min ? new byte[min] : window;
    ByteBuffer into = ByteBuffer.wrap(window);
    while (into.position() < min || into.hasRemaining()) {
      int came = channel.read(into, offset + into.position());
      if (came < 0 && into.position() >= min) {
        break;
      }
      if (came < 0) {
        throw new IOException(
            "file ends at " + channel.size() + ", need " + min + " bytes at " + offset);
      }
    }
    start = offset;
    length = into.position();
  }
}
