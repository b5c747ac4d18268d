package dev.stillhouse.storage.replica.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RangeCacheTest {
  private static final String KEY = "shards/one";

  @Property(tries = 200)
  void anyReadsGiveTheBlobsBytesAndFetchEachByteOnce(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int reads) {
    FakeBlob blob = new FakeBlob(seed, 1000);
    RangeCache cache = new RangeCache(blob.bytes.length, Optional.empty());
    Random random = new Random(seed);
    for (int i = 0; i < reads; i++) {
      blob.check(cache, KEY, ranges(random, blob.bytes.length));
    }
    assertTrue(Arrays.stream(blob.fetched).allMatch(times -> times <= 1), "a byte came twice");
    assertTrue(cache.bytes() <= blob.bytes.length);
  }

  @Property(tries = 100)
  void aCacheThatIsTooSmallIsRightAllTheSame(
      @ForAll long seed, @ForAll @IntRange(max = 300) int max) {
    FakeBlob blob = new FakeBlob(seed, 1000);
    RangeCache cache = new RangeCache(max, Optional.empty());
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      blob.check(cache, KEY, ranges(random, blob.bytes.length));
      assertTrue(cache.bytes() <= max, cache.bytes() + " bytes are held");
    }
  }

  static List<ByteRange> ranges(Random random, int length) {
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int from = random.nextInt(length);
      ranges.add(new ByteRange(from, random.nextInt(Math.min(200, length - from + 1))));
    }
    return ranges;
  }

  @Test
  void whatComesAlongIsKept() {
    FakeBlob blob = new FakeBlob(1, 100);
    RangeCache cache = new RangeCache(100, Optional.empty());
    List<ByteRange> few = List.of(new ByteRange(10, 5), new ByteRange(40, 5));
    cache.read(KEY, few, missing -> List.of(blob.cachedRange(0, 60)));
    assertEquals(60, cache.bytes());
    blob.check(cache, KEY, List.of(new ByteRange(0, 60)));
    assertEquals(0, blob.calls.get());
  }

  @Test
  void manyThreadsFetchAByteOnce() throws Exception {
    FakeBlob blob = new FakeBlob(2, 1 << 16);
    RangeCache cache = new RangeCache(1 << 16, Optional.empty());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Boolean>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Random random = new Random(i);
      readers.add(
          () -> {
            for (int n = 0; n < 300; n++) {
              blob.check(cache, KEY, ranges(random, blob.bytes.length));
            }
            return true;
          });
    }
    for (Future<Boolean> reader : threads.invokeAll(readers)) {
      assertTrue(reader.get());
    }
    threads.shutdown();
    assertTrue(Arrays.stream(blob.fetched).allMatch(times -> times <= 1), "a byte came twice");
  }

  @Test
  void anErrorIsItsReadersAlone() {
    FakeBlob blob = new FakeBlob(3, 100);
    RangeCache cache = new RangeCache(100, Optional.empty());
    List<ByteRange> all = List.of(new ByteRange(0, 100));
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                cache.read(
                    KEY,
                    all,
                    missing -> {
                      throw new DataException("no answer");
                    }));
    assertEquals("no answer", e.getMessage());
    assertEquals(0, cache.bytes());
    blob.check(cache, KEY, all);
  }

  @Test
  void whoWaitsForOneThatFailsAsksItself() throws Exception {
    FakeBlob blob = new FakeBlob(4, 100);
    RangeCache cache = new RangeCache(100, Optional.empty());
    AtomicInteger failures = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Callable<ByteBuffer>> readers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      boolean fails = i < 3;
      readers.add(
          () ->
              cache
                  .read(
                      KEY,
                      List.of(new ByteRange(0, 100)),
                      missing -> {
                        if (fails) {
                          failures.incrementAndGet();
                          throw new DataException("no answer");
                        }
                        return blob.fetch(missing);
                      })
                  .get(0));
    }
    int right = 0;
    for (Future<ByteBuffer> reader : threads.invokeAll(readers)) {
      try {
        assertEquals(ByteBuffer.wrap(blob.bytes), reader.get());
        right++;
      } catch (ExecutionException e) {
        assertTrue(e.toString().contains("no answer"), e.toString());
      }
    }
    threads.shutdown();
    assertEquals(6 - failures.get(), right);
    assertTrue(right >= 3);
  }

  @Test
  void theLongestUnusedGoesFirst() {
    FakeBlob blob = new FakeBlob(6, 120);
    RangeCache cache = new RangeCache(100, Optional.empty());
    ByteRange first = new ByteRange(0, 40);
    blob.check(cache, KEY, List.of(first));
    blob.check(cache, KEY, List.of(new ByteRange(40, 40)));
    blob.check(cache, KEY, List.of(first));
    blob.check(cache, KEY, List.of(new ByteRange(80, 40)));
    blob.check(cache, KEY, List.of(first, new ByteRange(40, 40)));
    assertEquals(1, blob.fetched[0], "it was used after the second");
    assertEquals(2, blob.fetched[40]);
  }

  @Test
  void whatIsForgottenIsFetchedAgain() {
    FakeBlob blob = new FakeBlob(5, 100);
    RangeCache cache = new RangeCache(100, Optional.empty());
    blob.check(cache, KEY, List.of(new ByteRange(0, 50), new ByteRange(50, 50)));
    cache.forget(KEY, List.of(new ByteRange(60, 1)));
    assertEquals(50, cache.bytes());
    blob.check(cache, KEY, List.of(new ByteRange(0, 100)));
    int[] times = new int[100];
    Arrays.fill(times, 0, 50, 1);
    Arrays.fill(times, 50, 100, 2);
    assertArrayEquals(times, blob.fetched);
  }
}
