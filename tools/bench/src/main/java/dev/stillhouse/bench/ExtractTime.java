package dev.stillhouse.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One measurement of {@code bench extract}.
 *
 * @param name of the reader of the rows
 * @param dtype of the logits
 * @param perSecond positions
 * @param bandwidth bytes per second that a mere read reached in turns with it; null if not measured
 * @param share of that bandwidth
 * @param overFloat32 positions per second over those of float32; null for float32 itself
 * @param overTopK positions per second over those of the k best alone; null for these themselves
 * @param warning what is wrong with it, if anything
 */
record ExtractTime(
    String name,
    int vocabulary,
    int k,
    int threads,
    LogitType dtype,
    double perSecond,
    @Nullable Double bandwidth,
    @Nullable Double share,
    @Nullable Double overFloat32,
    @Nullable Double overTopK,
    @Nullable String warning) {
  double gigabytesPerSecond() {
    return perSecond * vocabulary * dtype.bytes() / 1e9;
  }

  /** Returns the figures by the keys that are promised to programs. */
  Map<String, Object> figures() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("vocabulary", vocabulary);
    row.put("k", k);
    row.put("threads", threads);
    row.put("dtype", dtype.message());
    row.put("positionsPerSecond", perSecond);
    row.put("gigabytesPerSecond", gigabytesPerSecond());
    put(row, "bandwidthGigabytesPerSecond", bandwidth == null ? null : bandwidth / 1e9);
    put(row, "shareOfBandwidth", share);
    put(row, "overFloat32", overFloat32);
    put(row, "overTopK", overTopK);
    put(row, "warning", warning);
    return row;
  }

  private static void put(Map<String, Object> row, String key, @Nullable Object value) {
    if (value != null) {
      row.put(key, value);
    }
  }
}
