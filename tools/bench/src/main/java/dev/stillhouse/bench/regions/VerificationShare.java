package dev.stillhouse.bench.regions;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the share of checking every byte (law 6) in a local read's CPU: one thread reads shards
 * from files, checks and decodes them whole, and then makes the same checksums of the same segments
 * once more by themselves. Both are CPU time of that thread, the best of some rounds that take
 * turns.
 */
final class VerificationShare {
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 5;

  /** A shard of a dataset in a directory. */
  private record Shard(
      Path file, ShardReader reader, Footer footer, int rows, List<ByteRange> ranges) {
    List<ByteBuffer> read() throws IOException {
      List<ByteBuffer> all = new ArrayList<>();
      try (FileChannel channel = FileChannel.open(file)) {
        for (ByteRange range : ranges) {
          ByteBuffer bytes = ByteBuffer.allocate(range.length());
          int read = 0;
          while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, range.offset() + bytes.position());
          }
          all.add(bytes.flip());
        }
      }
      return all;
    }
  }

  private VerificationShare() {}

  /** Returns the figures of a dataset in a directory. */
  static Map<String, Object> of(String directory, String layout) throws IOException {
    List<Shard> shards = new ArrayList<>();
    try (Dataset opened = Dataset.open(directory)) {
      ShardBlobs blobs = new ShardBlobs(opened.reader());
      for (ShardRecord shard : opened.manifest().shards()) {
        Footer footer = blobs.footer(shard.key(), shard.blob());
        ShardReader reader = Layouts.reader(footer);
        Path file = Path.of(directory).resolve(shard.key());
        int rows = shard.sequences();
        shards.add(new Shard(file, reader, footer, rows, reader.ranges(0, rows, Projection.ALL)));
      }
    }
    double scan = Double.POSITIVE_INFINITY;
    double check = Double.POSITIVE_INFINITY;
    long bytes = 0;
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      long scanned = 0;
      long checked = 0;
      bytes = 0;
      for (Shard shard : shards) {
        long start = THREAD.getCurrentThreadCpuTime();
        List<ByteBuffer> read = shard.read();
        shard.reader.decode(0, shard.rows, Projection.ALL, read);
        long middle = THREAD.getCurrentThreadCpuTime();
        for (int i = 0; i < read.size(); i++) {
          shard.footer.check(shard.ranges.get(i).offset(), read.get(i));
          bytes += shard.ranges.get(i).length();
        }
        checked += THREAD.getCurrentThreadCpuTime() - middle;
        scanned += middle - start;
      }
      if (round >= WARM_UP) {
        scan = Math.min(scan, scanned / 1e9);
        check = Math.min(check, checked / 1e9);
      }
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "verification, " + layout);
    row.put("policy", "verification");
    row.put("layout", layout);
    row.put("bytes", bytes);
    row.put("scanSeconds", scan);
    row.put("checkSeconds", check);
    row.put("shareOfScan", check / scan);
    return row;
  }
}
