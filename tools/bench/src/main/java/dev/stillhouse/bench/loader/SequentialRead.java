package dev.stillhouse.bench.loader;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures a layout's own sequential read: shards' files in order, some positions at a time, one
 * thread.
 */
final class SequentialRead {
  private static final int POSITIONS = 8192;

  private SequentialRead() {}

  /** Reads and decodes all rows; returns their number. */
  static long of(List<Path> shards) {
    long rows = 0;
    for (Path shard : shards) {
      try (FileChannel channel = FileChannel.open(shard)) {
        rows += read(shard, channel);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return rows;
  }

  private static long read(Path file, FileChannel channel) throws IOException {
    int tail = 8;
    ByteBuffer last = bytes(channel, channel.size() - tail, tail);
    int footer = last.order(ByteOrder.LITTLE_ENDIAN).getInt(0) + tail;
    ByteBuffer end = bytes(channel, channel.size() - footer, footer);
    int crc = Hashing.crc32c().hashBytes(end.duplicate()).asInt();
    ShardReader reader = Layouts.reader(Footer.parse(file.toString(), channel.size(), end, crc));
    int rows = reader.header().sequences();
    int step = Math.max(1, POSITIONS / reader.header().sequenceLength());
    long read = 0;
    for (int row = 0; row < rows; row += step) {
      int to = Math.min(row + step, rows);
      List<ByteBuffer> fetched = new ArrayList<>();
      for (ByteRange range : reader.ranges(row, to, Projection.ALL)) {
        fetched.add(bytes(channel, range.offset(), range.length()));
      }
      read += reader.decode(row, to, Projection.ALL, fetched).tokens().sequences();
    }
    return read;
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw DataException.of("the shard ends before byte %d", from + length);
      }
    }
    return bytes.flip();
  }
}
