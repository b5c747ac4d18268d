package dev.stillhouse.pipeline.corpus;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The bytes of a piece, from first to last, hashed on the way. The end is only told after the hash
 * was found to be the planned one, so that who has read to the end has read what was planned.
 */
final class PieceInput implements Closeable {
  /** Bytes that are read at once; a multiple of every token width. */
  static final int BUFFER = 64 << 10;

  private final Piece piece;
  private final FileChannel channel;
  private final Hasher hasher = Hashing.sha256().newHasher();
  private final byte[] buffer = new byte[BUFFER];
  private long offset;

  private PieceInput(Piece piece, FileChannel channel) {
    this.piece = piece;
    this.channel = channel;
    this.offset = piece.offset();
  }

  /** Opens a piece's file; close the result. */
  static PieceInput open(Piece piece) {
    try {
      return new PieceInput(piece, FileChannel.open(Path.of(piece.path())));
    } catch (IOException e) {
      throw unreadable(piece, e);
    }
  }

  /** What {@link #fill} has read; overwritten by the next call. */
  byte[] buffer() {
    return buffer;
  }

  /** Offset within the file of the byte after the last one read. */
  long offset() {
    return offset;
  }

  /** Whether the piece ends where its file ends. */
  boolean endsFile() {
    try {
      return piece.end() >= channel.size();
    } catch (IOException e) {
      throw unreadable(piece, e);
    }
  }

  /**
   * Fills the buffer, or what of it the piece still has.
   *
   * @return bytes read; -1 at the piece's end
   * @throws DataException if the file is not what it was when the corpus was planned
   */
  int fill() {
    int wanted = (int) Math.min(BUFFER, piece.end() - offset);
    if (wanted == 0) {
      check();
      return -1;
    }
    ByteBuffer target = ByteBuffer.wrap(buffer, 0, wanted);
    try {
      while (target.hasRemaining()) {
        if (channel.read(target, offset + target.position()) < 0) {
          throw changed("it ends at byte " + channel.size());
        }
      }
    } catch (IOException e) {
      throw unreadable(piece, e);
    }
    hasher.putBytes(buffer, 0, wanted);
    offset += wanted;
    return wanted;
  }

  private void check() {
    String sha256 = hasher.hash().toString();
    if (!sha256.equals(piece.sha256())) {
      throw changed("sha256 was " + piece.sha256() + " and is " + sha256);
    }
  }

  private DataException changed(String how) {
    return DataException.of(
        "%s has changed since the corpus was planned: bytes %d to %d, %s; run again when nothing"
            + " writes it",
        piece.path(), piece.offset(), piece.end(), how);
  }

  private static DataException unreadable(Piece piece, IOException e) {
    return new DataException(piece.path() + " cannot be read: " + e, e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(piece, e);
    }
  }
}
