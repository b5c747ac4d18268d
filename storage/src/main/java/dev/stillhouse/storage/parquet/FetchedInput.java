package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file of which only some ranges were fetched, as Parquet's reader wants to see it. */
final class FetchedInput implements InputFile {
  private final long length;
  private final NavigableMap<Long, ByteBuffer> fetched = new TreeMap<>();

  FetchedInput(long length, List<ByteRange> ranges, List<ByteBuffer> bytes) {
    this.length = length;
    for (int i = 0; i < ranges.size(); i++) {
      fetched.put(ranges.get(i).offset(), bytes.get(i));
    }
  }

  @Override
  public long getLength() {
    return length;
  }

  @Override
  public SeekableInputStream newStream() {
    return new Stream();
  }

  private final class Stream extends SeekableInputStream {
    private long position;

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long to) {
      position = to;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      readFully(one);
      return one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      readFully(into, from, count);
      return count;
    }

    @Override
    public void readFully(byte[] into) throws IOException {
      readFully(ByteBuffer.wrap(into));
    }

    @Override
    public void readFully(byte[] into, int from, int count) throws IOException {
      readFully(ByteBuffer.wrap(into, from, count));
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      int count = into.remaining();
      readFully(into);
      return count;
    }

    @Override
    public void readFully(ByteBuffer into) throws IOException {
      Map.Entry<Long, ByteBuffer> range = fetched.floorEntry(position);
      long skip = range == null ? 0 : position - range.getKey();
      if (range == null || skip + into.remaining() > range.getValue().remaining()) {
        throw new EOFException(
            "the footer sends the reader to "
                + into.remaining()
                + " bytes at "
                + position
                + ", which were not asked for");
      }
      ByteBuffer bytes = range.getValue();
      int count = into.remaining();
      into.put(bytes.slice(bytes.position() + (int) skip, count));
      position += count;
    }
  }
}
