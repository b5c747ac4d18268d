package dev.stillhouse.bench.layouts;

import java.io.ByteArrayInputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file in memory, as Parquet's reader reads it. */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never a key.
record BytesFile(byte[] file) implements InputFile {
  @Override
  public long getLength() {
    return file.length;
  }

  @Override
  public SeekableInputStream newStream() {
    return new Stream(new Bytes(file));
  }

  private static final class Bytes extends ByteArrayInputStream {
    Bytes(byte[] file) {
      super(file);
    }

    int position() {
      return pos;
    }

    void position(long to) {
      pos = Math.toIntExact(to);
    }
  }

  private static final class Stream extends DelegatingSeekableInputStream {
    private final Bytes bytes;

    Stream(Bytes bytes) {
      super(bytes);
      this.bytes = bytes;
    }

    @Override
    public long getPos() {
      return bytes.position();
    }

    @Override
    public void seek(long to) {
      bytes.position(to);
    }
  }
}
