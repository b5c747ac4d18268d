package dev.stillhouse.storage.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.DistantStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import dev.stillhouse.storage.topology.Link;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ReadAheadTest {
  @Property(tries = 50)
  void givesAllInTheirOrder(
      @ForAll @IntRange(max = 60) int many, @ForAll @IntRange(min = 1, max = 9) int max) {
    Random random = new Random(many);
    AtomicInteger open = new AtomicInteger();
    Iterator<Callable<Integer>> reads =
        IntStream.range(0, many)
            .<Callable<Integer>>mapToObj(
                i ->
                    () -> {
                      assertTrue(open.incrementAndGet() <= max, "too many at once");
                      Thread.sleep(random.nextInt(2));
                      open.decrementAndGet();
                      return i;
                    })
            .iterator();
    try (ReadAhead<Integer> ahead = new ReadAhead<>(reads, max)) {
      List<Integer> came = new ArrayList<>();
      ahead.forEachRemaining(came::add);
      assertEquals(IntStream.range(0, many).boxed().toList(), came);
      assertThrows(NoSuchElementException.class, ahead::next);
    }
  }

  @Test
  void readsWhileNobodyTakes() throws InterruptedException {
    CountDownLatch read = new CountDownLatch(3);
    List<Callable<Integer>> reads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      reads.add(
          () -> {
            read.countDown();
            return 0;
          });
    }
    try (ReadAhead<Integer> ahead = new ReadAhead<>(reads.iterator(), 3)) {
      read.await();
      assertTrue(ahead.hasNext());
    }
  }

  @Test
  void anErrorComesInItsPlace() {
    List<Callable<Integer>> reads =
        List.of(
            () -> 1,
            () -> {
              throw new DataException("shard 2 is gone");
            },
            () -> 3);
    try (ReadAhead<Integer> ahead = new ReadAhead<>(reads.iterator(), 4)) {
      assertEquals(1, ahead.next());
      assertEquals("shard 2 is gone", assertThrows(DataException.class, ahead::next).getMessage());
      assertEquals(3, ahead.next());
      assertFalse(ahead.hasNext());
    }
  }

  @Test
  void aDistantStoreTakesItsTime() {
    MemoryStore store = new MemoryStore("far");
    assertTrue(store.putIfAbsent("k", new byte[1000]));
    Link link = new Link("a", "far", 0.02, 0.01, 1e5, 1e9, 0, 0); // 1,000 bytes: 10 ms
    DistantStore distant = new DistantStore(store, link, 2);
    List<ByteRange> four =
        List.of(
            new ByteRange(0, 250), new ByteRange(250, 250),
            new ByteRange(500, 250), new ByteRange(750, 250));
    long start = System.nanoTime();
    List<ByteBuffer> read = distant.read("k", four).join();
    double seconds = (System.nanoTime() - start) / 1e9;
    assertEquals(4, read.size());
    assertTrue(seconds >= 2 * 0.0325, "two in turn in each of two slots: " + seconds);
  }
}
