package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuickselectTest {
  @Property(tries = 500)
  void theFrontIsTheSmallest(@ForAll @IntRange(min = 1, max = 400) int n, @ForAll Random random) {
    check(random.longs(n).distinct().toArray(), random);
  }

  @Test
  void ordersThatAreBadForQuicksort() {
    Random random = new Random(1);
    check(LongStream.range(0, 3000).toArray(), random);
    check(LongStream.range(0, 3000).map(i -> -i).toArray(), random);
    check(LongStream.range(0, 3000).map(i -> i % 2 == 0 ? i : 6000 - i).toArray(), random);
    check(LongStream.range(0, 3000).map(i -> Math.min(2 * i, 6001 - 2 * i)).toArray(), random);
  }

  private static void check(long[] values, Random random) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    int k = 1 + random.nextInt(values.length);
    Quickselect.smallest(values, values.length, k);
    assertEquals(sorted[k - 1], values[k - 1]);
    Arrays.sort(values, 0, k);
    Arrays.sort(values, k, values.length);
    assertArrayEquals(sorted, values);
  }
}
