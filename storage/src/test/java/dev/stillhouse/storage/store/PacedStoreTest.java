package dev.stillhouse.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.RateLimiter;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store with a pace is a store. */
@Timeout(300)
class PacedStoreTest extends BlobStoreContractTest {
  @Override
  protected BlobStore open() {
    return new PacedStore(new MemoryStore("here"), PacedStore.pace(1e12));
  }

  @Test
  void whoIsKeptToThePaceSaysSo() throws InterruptedException {
    BlobStore slow = new PacedStore(new MemoryStore("slow"), PacedStore.pace(1 << 10));
    slow.putIfAbsent("blob", new byte[1 << 14]);
    ByteRange whole = new ByteRange(0, 1 << 14);
    assertEquals(1, slow.read("blob", List.of(whole)).join().size()); // The next pays for it.
    Thread next = new Thread(() -> slow.read("blob", List.of(whole)).join());
    next.setDaemon(true); // Its turn comes in 16 seconds.
    next.start();
    String said = "blob in region slow, whose reads are kept to the pace asked for";
    while (Waits.OF_PROCESS.lasting(Duration.ZERO).stream().noneMatch(w -> w.startsWith(said))) {
      assertTrue(next.isAlive());
      Thread.sleep(1);
    }
  }

  @Test
  void allThreadsAndStoresTogetherKeepThePace() throws Exception {
    RateLimiter pace = PacedStore.pace(4 << 20);
    List<BlobStore> stores =
        List.of(
            new PacedStore(new MemoryStore("one"), pace),
            new PacedStore(new MemoryStore("two"), pace));
    stores.forEach(store -> store.putIfAbsent("blob", new byte[1 << 18]));
    long start = System.nanoTime();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> reads =
          IntStream.range(0, 17)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () ->
                              assertEquals(
                                  1 << 18,
                                  stores
                                      .get(i % 2)
                                      .read("blob", List.of(new ByteRange(0, 1 << 18)))
                                      .join()
                                      .get(0)
                                      .remaining())))
              .toList();
      for (Future<?> read : reads) {
        read.get();
      }
    } finally {
      threads.shutdownNow();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    // The last read is not paid any more; a pace that nobody used saves up to a second's bytes,
    // and this one is new.
    assertTrue(seconds > 0.9, "17 x 256 KiB at 4 MiB/s took " + seconds + " s");
  }
}
