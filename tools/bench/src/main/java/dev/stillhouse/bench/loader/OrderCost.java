package dev.stillhouse.bench.loader;

import dev.stillhouse.bench.Turns;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.order.Order;
import dev.stillhouse.storage.loader.order.ShuffleSpec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Measures the order by itself: index arithmetic of datasets that do not exist. */
final class OrderCost {
  private static final int SAMPLES = 1_000_000;
  private static final int ROUNDS = 9;
  private static final byte[] FINGERPRINT = new byte[32];
  private static final int RESUMES = 2000;

  private long sum; // So that nothing is found to be of no use.

  /** Returns the figures for {@code n} sequences in one order. */
  Map<String, Object> of(long n, String shuffling, Cursor like) {
    ShuffleSpec shuffle = ShuffleSpec.parse(shuffling);
    Order order = shuffle.order(n, 1, 0, FINGERPRINT);
    double[] samples = new double[ROUNDS];
    double[] resumes = new double[ROUNDS];
    String json = like.toJson();
    for (int round = -2; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (long p = 0; p < SAMPLES; p++) {
        sum += order.record(p % n);
      }
      long middle = System.nanoTime();
      for (int i = 0; i < RESUMES; i++) {
        Cursor cursor = Cursor.parse(json, "bench");
        long sample = cursor.samples() + n / 3 + i; // Far from the start, each elsewhere.
        sum += shuffle.order(n, cursor.seed(), sample / n, FINGERPRINT).record(sample % n);
      }
      if (round >= 0) {
        samples[round] = (middle - start) / (double) SAMPLES;
        resumes[round] = (System.nanoTime() - middle) / 1e3 / RESUMES;
      }
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "order " + shuffling + ", " + n + " sequences");
    row.put("sequences", n);
    row.put("nanosecondsPerSample", Turns.median(samples));
    row.put("resumeMicroseconds", Turns.median(resumes));
    row.put("cursorBytes", json.getBytes(StandardCharsets.UTF_8).length);
    row.put("sum", sum);
    return row;
  }
}
