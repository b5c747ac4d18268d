package dev.stillhouse.storage.loader.order;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BlockShuffleTest {
  private static final byte[] DATA = "fingerprint".getBytes(US_ASCII);

  @Test
  void smallOrdersAreExactPermutations() {
    for (int n = 0; n <= 60; n++) {
      for (int block = 1; block <= 9; block++) {
        for (int window = 1; window <= 4; window++) {
          BlockShuffle order = new BlockShuffle(n, window, block, 5, n, DATA);
          long[] sorted = LongStream.range(0, n).map(order::record).sorted().toArray();
          assertArrayEquals(
              LongStream.range(0, n).toArray(), sorted, n + " " + window + "/" + block);
        }
      }
    }
  }

  /** The window that is kept for the next question may be another thread's. */
  @Test
  @Timeout(60)
  void manyThreadsAskAtOnce() throws Exception {
    int n = 1000;
    BlockShuffle alone = new BlockShuffle(n, 2, 50, 7, 0, DATA);
    long[] expected = LongStream.range(0, n).map(alone::record).toArray();
    BlockShuffle order = new BlockShuffle(n, 2, 50, 7, 0, DATA);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Boolean>> answers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int step = 101 + 100 * t; // To another window with every question.
      answers.add(
          threads.submit(
              () ->
                  IntStream.range(0, 20_000)
                      .map(i -> (int) ((long) i * step % n))
                      .allMatch(
                          at ->
                              order.record(at) == expected[at]
                                  && order.position(expected[at]) == at)));
    }
    threads.shutdown();
    for (Future<Boolean> answer : answers) {
      assertTrue(answer.get());
    }
  }

  @Property(tries = 2000)
  void positionIsTheInverseOfRecord(
      @ForAll @LongRange(min = 1, max = GlobalShuffle.MAX_RECORDS) long n,
      @ForAll @IntRange(min = 1) int window,
      @ForAll @IntRange(min = 1) int block,
      @ForAll long seed,
      @ForAll @LongRange(min = 0) long epoch,
      @ForAll @LongRange(min = 0) long any) {
    BlockShuffle order = new BlockShuffle(n, window, block, seed, epoch, DATA);
    long position = any % n;
    long record = order.record(position);
    assertTrue(record >= 0 && record < n);
    assertEquals(position, order.position(record));
    assertEquals(position, order.record(order.position(position)));
  }

  /** A block is open from its first record to its last: so long a student keeps its shard. */
  @Property(tries = 200)
  void atMostSoManyBlocksAreOpen(
      @ForAll @IntRange(min = 1, max = 2000) int n,
      @ForAll @IntRange(min = 1, max = 6) int window,
      @ForAll @IntRange(min = 1, max = 50) int block,
      @ForAll long seed) {
    BlockShuffle order = new BlockShuffle(n, window, block, seed, 0, DATA);
    Map<Long, Integer> left = new HashMap<>();
    for (int p = 0; p < n; p++) {
      long of = order.record(p) / block;
      int size = (int) Math.min(block, n - of * block);
      left.put(of, left.getOrDefault(of, size) - 1);
      assertTrue(left.size() <= window, "at " + p + " " + left);
      left.remove(of, 0);
    }
    assertTrue(left.isEmpty(), left.toString());
  }

  @Test
  void jumpingAboutGivesTheSame() {
    BlockShuffle order = new BlockShuffle(10_007, 3, 100, 1, 2, DATA);
    long[] inOrder = LongStream.range(0, 10_007).map(order::record).toArray();
    for (int i = 0; i < 10_007; i++) {
      int p = (int) (i * 4999L % 10_007);
      assertEquals(inOrder[p], order.record(p));
    }
  }

  @Test
  void seedEpochAndDataEachMakeAnotherOrder() {
    long[] order = order(new BlockShuffle(4000, 4, 100, 42, 1, DATA));
    assertArrayEquals(order, order(new BlockShuffle(4000, 4, 100, 42, 1, DATA)));
    for (BlockShuffle other :
        new BlockShuffle[] {
          new BlockShuffle(4000, 4, 100, 43, 0, DATA),
          new BlockShuffle(4000, 4, 100, 43, 1, DATA),
          new BlockShuffle(4000, 4, 100, 42, 0, DATA),
          new BlockShuffle(4000, 4, 100, 42, 1, "fingerprinu".getBytes(US_ASCII)),
        }) {
      long same = LongStream.range(0, 4000).filter(i -> other.record(i) == order[(int) i]).count();
      assertTrue(same < 25, same + " of 4000 in the same place");
    }
  }

  /**
   * Cursors that were saved depend on these: a change needs other names of the keys. The values are
   * those of a second implementation, with tables, in Python.
   */
  @Test
  void theOrderIsTheOneWrittenDown() {
    assertArrayEquals(
        new long[] {6, 0, 8, 1, 7, 2, 10, 3, 4, 5, 9},
        order(new BlockShuffle(11, 2, 3, 0, 0, DATA)));
    long[] order = order(new BlockShuffle(100_000, 8, 512, 42, 1, DATA));
    assertArrayEquals(new long[] {67822, 79444, 32026, 32005, 42044}, Arrays.copyOf(order, 5));
    assertArrayEquals(
        new long[] {13787, 40232, 36324, 40194}, Arrays.copyOfRange(order, 4096, 4100));
    assertArrayEquals(
        new long[] {57942, 54439, 54410, 68889}, Arrays.copyOfRange(order, 99_996, 100_000));
    long sum = LongStream.range(0, order.length).map(p -> p * order[(int) p]).sum();
    assertEquals(657_609, sum % 1_000_003);
  }

  @Test
  void wrongNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new BlockShuffle(-1, 1, 1, 0, 0, DATA));
    assertThrows(IllegalArgumentException.class, () -> new BlockShuffle(1, 0, 1, 0, 0, DATA));
    assertThrows(IllegalArgumentException.class, () -> new BlockShuffle(1, 1, 0, 0, 0, DATA));
    assertThrows(IllegalArgumentException.class, () -> new BlockShuffle(1, 1, 1, 0, -1, DATA));
    BlockShuffle order = new BlockShuffle(10, 2, 3, 0, 0, DATA);
    assertThrows(IllegalArgumentException.class, () -> order.record(10));
    assertThrows(IllegalArgumentException.class, () -> order.position(-1));
  }

  private static long[] order(Order order) {
    return LongStream.range(0, order.records()).map(order::record).toArray();
  }
}
