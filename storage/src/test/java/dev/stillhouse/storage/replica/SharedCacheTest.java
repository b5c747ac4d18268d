package dev.stillhouse.storage.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.TestJvm;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.replica.cache.CacheDirectory;
import dev.stillhouse.storage.replica.cache.RangeCache;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.CountingStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import dev.stillhouse.storage.store.s3.S3Front;
import dev.stillhouse.storage.store.s3.S3Server;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each byte of a dataset crosses once, however many read it, as the store itself counts. */
@Tag("slow")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedCacheTest {
  private static final int READERS = 8;
  private static final int EPOCHS = 3;
  private static final int[] ROWS = {6, 5, 7};

  @TempDir Path directory = Path.of("unset");

  @Test
  void eightReadersOfThreeEpochsFetchEachByteOnce() throws Exception {
    try (MemoryStore home = new MemoryStore("home")) {
      Manifest manifest = write(home);
      long once = crossing(home, manifest, 1, 1);
      assertEquals(once, crossing(home, manifest, READERS, EPOCHS), "1.00 of one reader's epoch");
      long dataset = manifest.shards().stream().mapToLong(s -> s.blob().bytes()).sum();
      assertTrue(once <= dataset, once + " of " + dataset + " bytes");
    }
  }

  private static Manifest write(BlobStore store) throws IOException {
    return new SampleDatasets(store, "columns", 16, ConsistentStatistics::of).write(1, ROWS);
  }

  /** Bytes that the store sends. */
  private static long crossing(BlobStore home, Manifest manifest, int readers, int epochs)
      throws Exception {
    CountingStore counting = new CountingStore(home);
    ReadContext context =
        new ReadContext(
            Optional.empty(),
            CostPolicy.TIME,
            Link.IN_FLIGHT,
            Optional.of(new RangeCache(1 << 30, Optional.empty())));
    ExecutorService threads = Executors.newFixedThreadPool(readers);
    List<Callable<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      Random order = new Random(i);
      all.add(
          () -> {
            ReplicaReader reader = new ReplicaReader(List.of(counting), context, new Ledger());
            ShardBlobs blobs = new ShardBlobs(reader);
            for (int epoch = 0; epoch < epochs; epoch++) {
              for (long sequence : shuffled(manifest.sequences(), order)) {
                ShardRecord shard = manifest.shardOf(sequence);
                int row = (int) (sequence - shard.firstSequence());
                blobs.read(manifest, shard, row, row + 1, Projection.ALL);
              }
            }
            return true;
          });
    }
    for (Future<Boolean> reader : threads.invokeAll(all)) {
      assertTrue(reader.get());
    }
    threads.shutdown();
    return counting.bytes("shards/");
  }

  private static List<Long> shuffled(long sequences, Random random) {
    List<Long> order = LongStream.range(0, sequences).boxed().collect(Collectors.toList());
    Collections.shuffle(order, random);
    return order;
  }

  /** A student's process: reads three epochs of a dataset through a cache's directory. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] nameDirectoryAndSeed) {
      CacheDirectory cache = new CacheDirectory(Path.of(nameDirectoryAndSeed[1]), 1 << 30);
      ReadContext context =
          new ReadContext(
              Optional.empty(),
              CostPolicy.TIME,
              Link.IN_FLIGHT,
              Optional.of(new RangeCache(0, Optional.of(cache))));
      Random random = new Random(Integer.parseInt(nameDirectoryAndSeed[2]));
      try (Dataset dataset =
          Dataset.open(nameDirectoryAndSeed[0], ReadOptions.DEFAULT.from(context))) {
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
          for (long sequence : shuffled(dataset.manifest().sequences(), random)) {
            dataset.read(sequence, 1, Projection.ALL);
          }
        }
      }
      System.out.println("read");
    }
  }

  @Test
  void twoProcessesThatShareADirectoryFetchEachByteOnce() throws Exception {
    String home = "s3://" + S3Server.BUCKET + "/" + UUID.randomUUID();
    S3Server.shared();
    try (BlobStore store = BlobStores.open(home)) {
      write(store);
    }
    try (S3Front front = new S3Front(S3Server.shared().endpoint())) {
      awaited(start(front, home, directory.resolve("alone"), 1));
      long once = front.bytesOf("shards/");
      assertTrue(once > 0);
      Path shared = directory.resolve("shared");
      Process first = start(front, home, shared, 2);
      Process second = start(front, home, shared, 3);
      awaited(first);
      awaited(second);
      assertEquals(2 * once, front.bytesOf("shards/"), "1.00 of one process alone, for both");
    }
  }

  private static Process start(S3Front front, String home, Path cache, int seed)
      throws IOException {
    List<String> words = TestJvm.java(TestJvm.s3());
    words.add("-Daws.endpointUrl=" + front.endpoint()); // of two, a JVM takes the later
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Reader.class.getName()));
    words.addAll(List.of(home, cache.toString(), Integer.toString(seed)));
    return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void awaited(Process process) throws Exception {
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertEquals("read", out.readLine());
    }
    assertEquals(0, process.waitFor());
  }
}
