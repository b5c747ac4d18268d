package dev.stillhouse.storage.region;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** What reading costs, by region (law 8). */
public final class Ledger {
  private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

  /**
   * What one region's reads have cost.
   *
   * @param requests ranges that were asked for
   * @param bytes that came
   * @param seconds that readers waited, added over threads
   */
  public record Entry(String region, long requests, long bytes, double seconds) {
    private Entry plus(Entry other) {
      return new Entry(
          region, requests + other.requests, bytes + other.bytes, seconds + other.seconds);
    }
  }

  /** Books a read. */
  void book(String region, long requests, long bytes, double seconds) {
    entries.merge(region, new Entry(region, requests, bytes, seconds), Entry::plus);
  }

  /** All that was booked, by name of the region. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  @Override
  public String toString() {
    return entries().stream()
        .map(
            e ->
                String.format(
                    Locale.ROOT,
                    "%,.1f MB in %,d requests from %s",
                    e.bytes() / 1e6,
                    e.requests(),
                    e.region()))
        .collect(Collectors.joining("; "));
  }
}
