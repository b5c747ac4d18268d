package dev.stillhouse.storage.loader.order;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class GlobalShuffleTest {
  private static final byte[] DATA = "fingerprint".getBytes(US_ASCII);

  @Test
  void smallOrdersAreExactPermutations() {
    for (int n = 1; n <= 200; n++) {
      for (int seed = 0; seed < 5; seed++) {
        long[] sorted = order(new GlobalShuffle(n, seed, 3, DATA), n);
        Arrays.sort(sorted);
        assertArrayEquals(LongStream.range(0, n).toArray(), sorted, "n=" + n + " seed=" + seed);
      }
    }
  }

  @Property(tries = 2000)
  void positionIsTheInverseOfRecord(
      @ForAll @LongRange(min = 1, max = GlobalShuffle.MAX_RECORDS) long n,
      @ForAll long seed,
      @ForAll @LongRange(min = 0) long epoch,
      @ForAll @LongRange(min = 0) long any) {
    GlobalShuffle shuffle = new GlobalShuffle(n, seed, epoch, DATA);
    long position = any % n;
    long record = shuffle.record(position);
    assertTrue(record >= 0 && record < n);
    assertEquals(position, shuffle.position(record));
    assertEquals(position, shuffle.record(shuffle.position(position)));
  }

  /**
   * Where one record stands must say nothing of the next: pairs (record(i), record(i+1)) fall
   * evenly into 32 x 32 cells. Both margins are fixed, which leaves 31 x 31 degrees of freedom.
   */
  @Test
  void successorsLookRandom() {
    int n = 100_000;
    double sum = 0;
    int keys = 20;
    for (int key = 0; key < keys; key++) {
      double z =
          (successorChiSquare(new GlobalShuffle(n, 7, key, DATA), n) - 961) / Math.sqrt(2 * 961);
      assertTrue(Math.abs(z) < 5, "epoch " + key + ": " + z + " sigma");
      sum += z;
    }
    assertTrue(Math.abs(sum / Math.sqrt(keys)) < 5, "all epochs: " + sum / Math.sqrt(keys));
  }

  @Test
  void seedEpochAndDataEachMakeAnotherOrder() {
    int n = 1000;
    long[] order = order(new GlobalShuffle(n, 42, 1, DATA), n);
    assertArrayEquals(order, order(new GlobalShuffle(n, 42, 1, DATA), n));
    for (GlobalShuffle other :
        new GlobalShuffle[] {
          new GlobalShuffle(n, 43, 0, DATA),
          new GlobalShuffle(n, 43, 1, DATA),
          new GlobalShuffle(n, 42, 0, DATA),
          new GlobalShuffle(n, 42, 1, "fingerprinu".getBytes(US_ASCII))
        }) {
      long same = LongStream.range(0, n).filter(i -> other.record(i) == order[(int) i]).count();
      assertTrue(same < 15, same + " of 1000 in the same place");
    }
  }

  /**
   * Cursors that were saved depend on these: a change needs another name of the order. The values
   * are those of a second implementation, written in Python from the class comment.
   */
  @Test
  void theOrderIsTheOneWrittenDown() {
    assertArrayEquals(
        new long[] {8, 6, 2, 1, 5, 3, 7, 0, 4, 9}, order(new GlobalShuffle(10, 0, 0, DATA), 10));
    assertArrayEquals(
        new long[] {18627, 67854, 65552, 77251, 43355, 3730, 87743, 84171},
        order(new GlobalShuffle(100_000, 42, 1, DATA), 8));
    assertArrayEquals(
        new long[] {951857976411L, 924769336032L, 819067978902L, 198331919739L},
        order(new GlobalShuffle(GlobalShuffle.MAX_RECORDS, Long.MIN_VALUE, 9, DATA), 4));
  }

  @Test
  void wrongNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new GlobalShuffle(-1, 0, 0, DATA));
    assertThrows(
        IllegalArgumentException.class,
        () -> new GlobalShuffle(GlobalShuffle.MAX_RECORDS + 1, 0, 0, DATA));
    assertThrows(IllegalArgumentException.class, () -> new GlobalShuffle(1, 0, -1, DATA));
    GlobalShuffle shuffle = new GlobalShuffle(10, 0, 0, DATA);
    assertThrows(IllegalArgumentException.class, () -> shuffle.record(10));
    assertThrows(IllegalArgumentException.class, () -> shuffle.position(-1));
    assertThrows(IllegalArgumentException.class, () -> new GlobalShuffle(0, 0, 0, DATA).record(0));
    assertEquals(0, new GlobalShuffle(1, 0, 0, DATA).record(0));
  }

  static double successorChiSquare(GlobalShuffle shuffle, int n) {
    int grid = 32;
    long[] cells = new long[grid * grid];
    long previous = shuffle.record(0);
    for (int i = 1; i < n; i++) {
      long next = shuffle.record(i);
      cells[(int) (previous * grid / n) * grid + (int) (next * grid / n)]++;
      previous = next;
    }
    double expected = (n - 1.0) / cells.length;
    return Arrays.stream(cells).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
  }

  private static long[] order(GlobalShuffle shuffle, int first) {
    return LongStream.range(0, first).map(shuffle::record).toArray();
  }
}
