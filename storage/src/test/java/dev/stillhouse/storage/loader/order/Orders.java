package dev.stillhouse.storage.loader.order;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Orders as tables, for statistics. */
final class Orders {
  static final byte[] DATA = "fingerprint".getBytes(US_ASCII);

  private Orders() {}

  /** The order {@code global} of one epoch. */
  static int[] global(int n, long seed, long epoch) {
    return table(new GlobalShuffle(n, seed, epoch, DATA));
  }

  /** What {@code global} would be with fewer rounds. */
  static int[] rounds(int n, int rounds, long seed, long epoch) {
    long[] keys = Arrays.copyOf(Feistel.keys("stillhouse-order-1", seed, epoch, DATA), rounds);
    Feistel feistel = new Feistel(n, keys);
    return IntStream.range(0, n).map(p -> (int) feistel.to(p)).toArray();
  }

  /** An order that needs a table: Fisher and Yates. */
  static int[] drawn(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  static int[] table(Order order) {
    return IntStream.range(0, (int) order.records()).map(p -> (int) order.record(p)).toArray();
  }
}
