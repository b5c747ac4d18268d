package dev.stillhouse.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.manifest.CommitOutcome;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures the opening of a dataset of very many shards: a JVM of its own with 512 MB opens one
 * whose manifest names made-up shards. Seconds are those of a cold JVM, from the call that opens
 * the dataset on. Megabytes are the sum of the peaks of the heap's pools, garbage included.
 */
public final class ManifestOpening {
  /** Option of the JVM that opens the dataset. */
  static final String HEAP = "-Xmx512m";

  private static final int APPENDED = 1_000;

  private ManifestOpening() {}

  /**
   * Writes a dataset of made-up shards below {@code directory}, appends a version of a thousand
   * more, and opens that.
   */
  public static Map<String, Object> measure(Path directory, int shards) throws IOException {
    return measure(directory, shards, HEAP);
  }

  static Map<String, Object> measure(Path directory, int shards, String heap) throws IOException {
    String dataset = directory.resolve("made-up").toString();
    try (BlobStore home = BlobStores.open(dataset)) {
      append(home, new MadeUpShards().first(shards));
    }
    long before = bytes(directory);
    double[] seconds = appendMore(dataset);
    long after = bytes(directory);
    JsonNode told =
        ChildJvm.run(
            ChildJvm.withHeap(heap), ManifestOpening.class.getName(), ImmutableList.of(dataset));
    return ImmutableMap.<String, Object>builder()
        .put("name", "opening")
        .put("shards", told.get("shards").asInt())
        .put("openSeconds", told.get("openSeconds").asDouble())
        .put("firstShardSeconds", told.get("firstShardSeconds").asDouble())
        .put("peakHeapMegabytes", told.get("peakHeapMegabytes").asDouble())
        .put("heldHeapMegabytes", told.get("heldHeapMegabytes").asDouble())
        .put("megabytesOnDisk", before / 1e6)
        .put("appendReadSeconds", seconds[0])
        .put("appendWriteSeconds", seconds[1])
        .put("appendedMegabytes", (after - before) / 1e6)
        .buildOrThrow();
  }

  /** Returns the seconds of reading the newest version, and of making and appending the next. */
  private static double[] appendMore(String dataset) {
    long start = System.nanoTime();
    try (Dataset opened = Dataset.open(dataset)) {
      long read = System.nanoTime();
      Manifest base = opened.manifest();
      append(opened.home(), new MadeUpShards().after(base, APPENDED));
      return new double[] {(read - start) / 1e9, (System.nanoTime() - read) / 1e9};
    }
  }

  private static void append(BlobStore home, Manifest manifest) {
    ReplicaReader reader = new ReplicaReader(ImmutableList.of(home), new Ledger());
    if (new ManifestLog(home, reader).settle(manifest) != CommitOutcome.COMMITTED) {
      throw DataException.of("version %d is there already", manifest.version());
    }
  }

  private static long bytes(Path directory) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /** Opens the named dataset; prints the figures as JSON. */
  public static void main(String[] dataset) {
    long start = System.nanoTime();
    try (Dataset opened = Dataset.open(dataset[0])) {
      long open = System.nanoTime();
      ShardRecord shard = opened.manifest().shardOf(opened.manifest().sequences() / 2);
      long found = System.nanoTime();
      double peak = heap().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / 1e6;
      System.gc();
      double held = heap().mapToLong(pool -> pool.getUsage().getUsed()).sum() / 1e6;
      System.out.println(
          Json.line(
              ImmutableMap.of(
                  "shards",
                  opened.manifest().shards().size(),
                  "openSeconds",
                  (open - start) / 1e9,
                  "firstShardSeconds",
                  (found - open) / 1e9,
                  "peakHeapMegabytes",
                  peak,
                  "heldHeapMegabytes",
                  held,
                  "key",
                  shard.key())));
    }
  }

  private static Stream<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }
}
