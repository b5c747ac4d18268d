package dev.stillhouse.pipeline.corpus;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Reads a split's bytes as they lie in its file, from first to last, and hashes them. */
final class StoredBytes extends InputStream {
  private static final int BUFFER = 64 << 10;

  private final FileSplit fileSplit;
  private final FileChannel channel;
  private final Hasher hasher = Hashing.sha256().newHasher();
  private long position;

  private StoredBytes(FileSplit fileSplit, FileChannel channel) {
    this.fileSplit = fileSplit;
    this.channel = channel;
    this.position = fileSplit.offset();
  }

  /** Opens a split's file; the caller closes the result. */
  static StoredBytes open(FileSplit fileSplit) {
    try {
      return new StoredBytes(fileSplit, FileChannel.open(Path.of(fileSplit.path())));
    } catch (IOException e) {
      throw unreadable(fileSplit, e);
    }
  }

  /** Returns the offset within the file of the byte after the last one read. */
  long position() {
    return position;
  }

  /** Returns whether the split ends where its file ends. */
  boolean endsFile() {
    try {
      return fileSplit.end() >= channel.size();
    } catch (IOException e) {
      throw unreadable(fileSplit, e);
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /** Reads up to {@code count} bytes of the split; returns -1 at its end. */
  @Override
  public int read(byte[] into, int from, int count) {
    int wanted = (int) Math.min(count, fileSplit.end() - position);
    if (wanted == 0) {
      return count == 0 ? 0 : -1;
    }
    ByteBuffer target = ByteBuffer.wrap(into, from, wanted);
    try {
      while (target.hasRemaining()) {
        if (channel.read(target, position + target.position() - from) < 0) {
          throw changed("it ends at byte " + channel.size());
        }
      }
    } catch (IOException e) {
      throw unreadable(fileSplit, e);
    }
    hasher.putBytes(into, from, wanted);
    position += wanted;
    return wanted;
  }

  /** Reads the rest, and refuses the split if its hash is not the planned one. Call it once. */
  void check() {
    byte[] rest = new byte[BUFFER];
    while (read(rest, 0, BUFFER) >= 0) {
      // Hashed on the way.
    }
    String sha256 = hasher.hash().toString();
    if (!sha256.equals(fileSplit.sha256())) {
      throw changed("sha256 was " + fileSplit.sha256() + " and is " + sha256);
    }
  }

  private DataException changed(String how) {
    return DataException.of(
        "%s has changed since the corpus was planned: bytes %d to %d, %s; run again when nothing"
            + " writes it",
        fileSplit.path(), fileSplit.offset(), fileSplit.end(), how);
  }

  private static DataException unreadable(FileSplit fileSplit, IOException e) {
    return new DataException(fileSplit.path() + " cannot be read: " + e, e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(fileSplit, e);
    }
  }
}
