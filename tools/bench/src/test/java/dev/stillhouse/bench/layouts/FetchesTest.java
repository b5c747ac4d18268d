package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FetchesTest {
  @Test
  void anEpochIsScaledFromShardsFootersAndSequences() {
    Fetches fetches = new Fetches();
    // One shard of 1,000 positions in two sequences: 90 kB in 2 runs, the footer has 10 kB.
    fetches.shard(new Ranges(2, 90_000), new Ranges(2, 30_000), 10_000);
    fetches.sequence(new Ranges(1, 60_000), 45_000);
    fetches.sequence(new Ranges(3, 75_000), 45_000);
    fetches.batch(new Ranges(4, 90_000));
    Map<String, Object> row = new LinkedHashMap<>();
    fetches.figures(row, 1000);
    assertEquals(1 / 3.0, row.get("bestEightBytesOverAll"));
    assertEquals(1.5, row.get("randomSequenceBytesOverNeeded"));
    assertEquals(4.0, row.get("requestsPerRandomBatch"));
    // A million such shards: 3 M requests of 75 + 30 ms and 100 GB at 41.3 MB/s, by 16.
    assertEquals(
        (3e6 * 0.105 + 1e11 / 41.3e6) / 16, Measured.number(row, "epochSecondsAt75ms"), 1e-6);
    assertEquals(3e6 * 4e-7 + 100 * 0.02, Measured.number(row, "epochDollarsAt75ms"), 1e-9);
    // Shuffled: 5 M requests, 145 GB, over 233 ms and at 17 MB/s.
    assertEquals(
        (5e6 * 0.263 + 1.45e11 / 17e6) / 16,
        Measured.number(row, "shuffledEpochSecondsAt233ms"),
        1e-6);
    assertEquals(
        5e6 * 4e-7 + 145 * 0.09, Measured.number(row, "shuffledEpochDollarsAt233ms"), 1e-9);
  }
}
