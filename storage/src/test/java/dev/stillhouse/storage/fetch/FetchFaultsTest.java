package dev.stillhouse.storage.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Ticker;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.ForwardingStore;
import dev.stillhouse.storage.store.HostileStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stores that answer wrongly, late or never, and callers that leave. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FetchFaultsTest {
  private static final long BOUND = 60_000;

  private final MemoryStore home = new MemoryStore("home");
  private final MemoryStore copy = new MemoryStore("copy");
  private int tries;

  /**
   * Answers some requests as a hostile store does, and all of them in another thread, in no order.
   */
  private static final class Sometimes extends ForwardingStore {
    private final HostileStore hostile;
    private final Random random;
    private final AtomicInteger open = new AtomicInteger();

    Sometimes(BlobStore store, HostileStore.Kind kind, long seed) {
      super(store);
      this.hostile = new HostileStore(store, kind, new byte[0]);
      this.random = new Random(seed);
    }

    @Override
    public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
      boolean wrong;
      int wait;
      synchronized (random) {
        wrong = random.nextInt(4) == 0;
        wait = random.nextInt(2_000_000);
      }
      CompletableFuture<List<ByteBuffer>> answer = new CompletableFuture<>();
      open.incrementAndGet();
      Executor later =
          CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS, ForkJoinPool.commonPool());
      later.execute(
          () -> {
            var unused =
                (wrong ? hostile : store)
                    .read(key, ranges)
                    .whenComplete(
                        (bytes, error) -> {
                          if (error == null) {
                            answer.complete(bytes);
                          } else {
                            answer.completeExceptionally(error);
                          }
                        });
          });
      var unused = answer.whenComplete((bytes, error) -> open.decrementAndGet());
      return answer;
    }
  }

  private List<SampleFile> files(ReplicaReader reader, Random random) {
    List<SampleFile> files = new ArrayList<>();
    tries++; // The stores are those of the tries before: blobs never change.
    for (int i = 0; i < 5; i++) {
      SampleFile file =
          new SampleFile(
              reader,
              "file-" + tries + "-" + i,
              1 + random.nextInt(30),
              random.nextInt(50),
              1 + random.nextInt(900));
      for (MemoryStore store : List.of(home, copy)) {
        store.putIfAbsent(file.key(), file.bytes);
      }
      files.add(file);
    }
    return files;
  }

  private static List<SampleFile.Task> tasks(List<SampleFile> files, Random random) {
    List<SampleFile.Task> tasks = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      List<SampleFile.Rows> parts = new ArrayList<>();
      for (SampleFile file : files) {
        int count = random.nextInt(4);
        if (count > 0) {
          parts.add(
              file.part(IntStream.range(0, count).map(n -> random.nextInt(file.rows())).toArray()));
        }
      }
      tasks.add(new SampleFile.Task(parts));
    }
    return tasks;
  }

  private static ReplicaReader reader(List<BlobStore> replicas) {
    return new ReplicaReader(
        replicas,
        ReadContext.ANYWHERE,
        new Ledger(),
        Ticker.systemTicker(),
        Duration.ofMillis(200));
  }

  @Property(tries = 60)
  void whateverOneReplicaAnswersTheResultsAreRight(
      @ForAll HostileStore.Kind kind, @ForAll @IntRange(max = 1_000_000) int seed) {
    Random random = new Random(seed);
    ReplicaReader reader = reader(List.of(new Sometimes(home, kind, seed), copy));
    List<SampleFile.Task> tasks = tasks(files(reader, random), random);
    FetchLimits limits =
        new FetchLimits(BOUND, true, 1 + random.nextInt(4), 1 + random.nextInt(20));
    try (FetchAhead<Integer> ahead = new FetchAhead<>(tasks.iterator(), limits)) {
      for (SampleFile.Task task : tasks) {
        assertEquals(task.sum(), ahead.next());
      }
      assertTrue(ahead.peakBytes() <= BOUND, "held " + ahead.peakBytes());
    }
  }

  @Test
  void withoutARightReplicaTheErrorComesInItsPlace() {
    Random random = new Random(7);
    ReplicaReader reader = reader(List.of(home));
    List<SampleFile> files = files(reader, random);
    List<SampleFile.Task> tasks = tasks(files, random);
    home.delete(files.get(2).key());
    int given = 0;
    try (FetchAhead<Integer> ahead =
        new FetchAhead<>(tasks.iterator(), new FetchLimits(BOUND, true, 3, 16))) {
      while (tasks.get(given).parts().stream().noneMatch(p -> p.file() == files.get(2))) {
        assertEquals(tasks.get(given++).sum(), ahead.next());
      }
      for (int again = 0; again < 2; again++) {
        DataException e = assertThrows(DataException.class, ahead::next);
        assertTrue(String.valueOf(e.getMessage()).contains("file-1-2"), e.getMessage());
      }
    }
  }

  @Property(tries = 30)
  void leavingAtAnyMomentLeavesNothingBehind(@ForAll @IntRange(max = 1_000_000) int seed)
      throws InterruptedException {
    Random random = new Random(seed);
    Sometimes store = new Sometimes(home, HostileStore.Kind.HANGS, seed);
    ReplicaReader reader = reader(List.of(store, copy));
    List<SampleFile.Task> tasks = tasks(files(reader, random), random);
    try (FetchAhead<Integer> ahead =
        new FetchAhead<>(tasks.iterator(), new FetchLimits(BOUND, true, 2, 16))) {
      int taken = random.nextInt(10);
      for (int i = 0; i < taken; i++) {
        ahead.next();
      }
    }
    while (store.open.get() > 0 || running() > 0) { // The timeout tells if they stay.
      Thread.sleep(1);
    }
  }

  private static long running() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("decode-"))
        .count();
  }
}
