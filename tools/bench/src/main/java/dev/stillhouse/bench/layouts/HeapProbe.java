package dev.stillhouse.bench.layouts;

import static com.google.common.base.Preconditions.checkState;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import dev.stillhouse.bench.ChildJvm;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures the heap of reading a shard: a JVM of its own with 256 MB reads all of it, {@link
 * Store#SCAN_POSITIONS} positions at a time, and drops each batch when the next one comes. The
 * figure is the sum of the peaks of all memory pools, garbage included: no less than was in use at
 * once.
 */
final class HeapProbe {
  private static final String HEAP = "-Xmx256m";

  private HeapProbe() {}

  /** Returns the megabytes of heap for each shard; infinite if 256 MB were too few. */
  static List<Double> megabytes(List<Path> shards) throws IOException {
    List<String> flags = new ArrayList<>(ChildJvm.withHeap(HEAP));
    flags.add("-XX:+UseSerialGC"); // Does not grow because there is room to grow.
    List<String> files = shards.stream().map(Path::toString).toList();
    List<Double> megabytes = new ArrayList<>();
    for (JsonNode peak : ChildJvm.run(flags, HeapProbe.class.getName(), files)) {
      megabytes.add(peak.asDouble() < 0 ? Double.POSITIVE_INFINITY : peak.asDouble());
    }
    return megabytes;
  }

  /** Reads the named shards; prints the megabytes of each as JSON, -1 for too many. */
  public static void main(String[] files) throws IOException {
    List<Double> peaks = new ArrayList<>();
    for (String file : files) {
      System.gc();
      heap().forEach(MemoryPoolMXBean::resetPeakUsage);
      try {
        read(Path.of(file));
        peaks.add(heap().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / 1e6);
      } catch (OutOfMemoryError e) {
        peaks.add(-1.0);
      }
    }
    System.out.println(Json.line(peaks));
  }

  private static Stream<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }

  private static void read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      int tail = 8;
      ByteBuffer last = bytes(channel, channel.size() - tail, tail);
      int footer = last.order(ByteOrder.LITTLE_ENDIAN).getInt(0) + tail;
      ByteBuffer bytes = bytes(channel, channel.size() - footer, footer);
      int crc = Hashing.crc32c().hashBytes(bytes.duplicate()).asInt();
      ShardReader reader =
          Layouts.reader(Footer.parse(file.toString(), channel.size(), bytes, crc));
      int rows = reader.header().sequences();
      int step = Math.max(1, Store.SCAN_POSITIONS / reader.header().sequenceLength());
      for (int row = 0; row < rows; row += step) {
        int end = Math.min(row + step, rows);
        List<ByteBuffer> fetched = new ArrayList<>();
        for (ByteRange range : reader.ranges(row, end, Projection.ALL)) {
          fetched.add(bytes(channel, range.offset(), range.length()));
        }
        checkState(
            reader.decode(row, end, Projection.ALL, fetched).tokens().sequences() == end - row);
      }
    }
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
