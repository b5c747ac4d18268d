package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.pipeline.ByteOrderMark;
import dev.stillhouse.storage.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.LongConsumer;

/**
 * Reads the text of a split, inflated if it is compressed, and hashes the stored bytes. The end is
 * reported only if the hash is the planned one, so that a caller who has read to the end has read
 * what was planned.
 */
final class FileSplitInput implements Closeable {
  /** Bytes that are read at once; a multiple of every token width. */
  static final int BUFFER = 64 << 10;

  private final FileSplit fileSplit;
  private final StoredBytes stored;
  private final InputStream in;
  private final LongConsumer progress;
  private final byte[] buffer = new byte[BUFFER];
  private long offset;

  private FileSplitInput(FileSplit fileSplit, StoredBytes stored, LongConsumer progress) {
    this.fileSplit = fileSplit;
    this.stored = stored;
    this.progress = progress;
    offset = fileSplit.offset();
    try {
      in = fileSplit.compression().inflate(stored);
    } catch (IOException e) {
      stored.close();
      throw damaged(e, stored.position());
    }
  }

  /**
   * Opens a split's file; the caller closes the result.
   *
   * @param progress receives the number of stored bytes read so far
   */
  static FileSplitInput open(FileSplit fileSplit, LongConsumer progress) {
    return new FileSplitInput(fileSplit, StoredBytes.open(fileSplit), progress);
  }

  /** Returns what {@link #fill} has read; overwritten by the next call. */
  byte[] buffer() {
    return buffer;
  }

  /**
   * Returns the offset of the byte after the last one read: in the file, or in the inflated bytes.
   */
  long offset() {
    return offset;
  }

  /** Returns whether the split ends where its file ends. */
  boolean endsFile() {
    return stored.endsFile();
  }

  /**
   * Fills the buffer, with less if the split ends.
   *
   * @return bytes read; -1 at the split's end
   * @throws DataException if the file has changed since the corpus was planned, or cannot be
   *     inflated
   */
  int fill() {
    int count;
    try {
      count = in.readNBytes(buffer, 0, BUFFER);
    } catch (IOException e) {
      long position = stored.position();
      // A file that changed cannot be inflated either; that is the better thing to tell.
      stored.check();
      throw damaged(e, position);
    }
    if (count == 0) {
      stored.check();
      return -1;
    }
    if (offset == 0) {
      count = dropMark(count);
    }
    offset += count;
    progress.accept(stored.position() - fileSplit.offset());
    return count;
  }

  /**
   * Drops a byte order mark from the buffer, which holds a file's start; returns the remaining
   * count. The mark is no text: editors put it there to mark UTF-8.
   */
  private int dropMark(int count) {
    if (!fileSplit.format().isText() || !ByteOrderMark.starts(buffer, count)) {
      return count;
    }
    offset = ByteOrderMark.LENGTH;
    System.arraycopy(buffer, ByteOrderMark.LENGTH, buffer, 0, count - ByteOrderMark.LENGTH);
    return count - ByteOrderMark.LENGTH;
  }

  /** Passes over the rest. It is hashed, but not inflated. */
  void skipRest() {
    stored.check();
  }

  private DataException damaged(IOException e, long position) {
    String kind = fileSplit.compression().name().toLowerCase(Locale.ROOT);
    if (e instanceof UnreadStreamException) {
      return new DataException(
          String.format("%s: the %s stream %s", fileSplit.path(), kind, e.getMessage()), e);
    }
    if (Compression.truncated(e)) {
      return new DataException(
          String.format(
              "%s: the %s stream is truncated: the file ends at byte %d, after %d bytes of text or"
                  + " more; get the whole file",
              fileSplit.path(), kind, fileSplit.end(), offset),
          e);
    }
    return new DataException(
        String.format(
            "%s: the %s stream is corrupt, at or before byte %d of the file, after %d bytes of"
                + " text or more: %s; get the file anew",
            fileSplit.path(), kind, position, offset, e.getMessage()),
        e);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new DataException(fileSplit.path() + " cannot be closed: " + e.getMessage(), e);
    }
  }
}
