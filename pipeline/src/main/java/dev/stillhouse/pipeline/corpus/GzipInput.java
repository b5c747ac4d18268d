package dev.stillhouse.pipeline.corpus;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Inflates gzip (RFC 1952), member after member. The JDK's own stream takes anything after a member
 * that is no other member for the end. Here it is an error unless it is all zeros: otherwise a lost
 * half of a corpus would go unnoticed.
 */
final class GzipInput extends InputStream {
  private static final int BUFFER = 64 << 10;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final InputStream in;
  private final byte[] packed = new byte[BUFFER];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private int at;
  private int held;
  private boolean inMember;
  private long members;

  GzipInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    while (inMember || header()) {
      int inflated = inflate(into, from, count);
      if (inflated > 0) {
        crc.update(into, from, inflated);
        return inflated;
      }
      if (inflater.finished()) {
        trailer();
      } else if (inflater.needsDictionary()) {
        throw new ZipException("it wants a dictionary, which gzip has none of");
      } else if (inflater.needsInput()) {
        if (!more()) {
          throw new EOFException();
        }
        inflater.setInput(packed, 0, held);
        at = held;
      }
    }
    return -1;
  }

  private int inflate(byte[] into, int from, int count) throws IOException {
    try {
      return inflater.inflate(into, from, count);
    } catch (DataFormatException e) {
      throw new ZipException(e.getMessage());
    }
  }

  /** Reads the next member's header; returns false at the end of the file. */
  private boolean header() throws IOException {
    if (at == held && !more()) {
      if (members == 0) {
        throw new EOFException();
      }
      return false;
    }
    if (members > 0 && packed[at] == 0) {
      zeros();
      return false;
    }
    if (next() != 0x1F || next() != 0x8B || next() != DEFLATE) {
      throw new ZipException(
          members == 0 ? "it does not begin as gzip" : "what follows its last member is no gzip");
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("a member's header has flags that gzip does not know");
    }
    skip(6); // Time, extra flags, system.
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    skipText((flags & NAME) != 0);
    skipText((flags & COMMENT) != 0);
    skip((flags & HEADER_CRC) != 0 ? 2 : 0);
    inflater.reset();
    inflater.setInput(packed, at, held - at);
    at = held;
    crc.reset();
    inMember = true;
    return true;
  }

  /**
   * Passes over zeros, with which tapes and some tools fill a block. Only zeros may follow them.
   */
  private void zeros() throws IOException {
    do {
      while (at < held) {
        if (packed[at++] != 0) {
          throw new ZipException("what follows the zeros behind its last member is not zero");
        }
      }
    } while (more());
  }

  private void trailer() throws IOException {
    at = held - inflater.getRemaining();
    if (fourBytes() != crc.getValue()) {
      throw new ZipException("a member's text has another CRC-32 than its end says");
    }
    if (fourBytes() != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw new ZipException("a member's text has another length than its end says");
    }
    inMember = false;
    members++;
  }

  private long fourBytes() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText(boolean present) throws IOException {
    while (present && next() != 0) {
      // A name or comment, up to its zero.
    }
  }

  private int next() throws IOException {
    if (at == held && !more()) {
      throw new EOFException();
    }
    return packed[at++] & 0xFF;
  }

  private boolean more() throws IOException {
    held = Math.max(0, in.read(packed, 0, packed.length));
    at = 0;
    return held > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
