package dev.stillhouse.bench.loader;

import dev.stillhouse.bench.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The targets of the loader, as far as a run measures them. */
final class LoaderGoals {
  private final List<Map<String, Object>> rows;
  private final List<Goal> goals = new ArrayList<>();

  private LoaderGoals(List<Map<String, Object>> rows) {
    this.rows = rows;
  }

  static List<Goal> of(List<Map<String, Object>> rows) {
    LoaderGoals all = new LoaderGoals(rows);
    all.most("resume at any size, microseconds, the slowest", "order", "resumeMicroseconds", 1000);
    all.most("the order, ns a sample, the slowest", "order", "nanosecondsPerSample", 100);
    all.least("planes: shuffled over its sequential read", "planes", "shuffledOverSequential", 0.7);
    all.least("planes: all cores over one", "planes", "allCoresOverOne", 1.6);
    all.most("planes: bytes of 8 entries over all", "planes", "fewEntriesBytesOverAll", 0.5);
    all.most("adaptive: bytes of 8 entries over all", "adaptive", "fewEntriesBytesOverAll", 0.5);
    all.most("stall share at half the rate, 75 ms", "over", "stallShareAtHalf", 0.01);
    all.least("far, long epochs: share of the best rate, the least", "far: ", "shareOfLong", 0.85);
    all.least("far: copying first, seconds over ours, the least", "far", "copyFirstOverOurs", 1);
    all.least("far: whole files in turn over ours, the least", "far", "wholeFilesOverOurs", 1);
    all.most("far: bytes over the dataset's, the most", "far", "bytesOverDataset", 1.02);
    all.most(
        "resident memory, ten times the positions", "memory", "residentOverTenthOfPositions", 1.1);
    all.most("opening a million shards, s", "opening", "openSeconds", 1);
    all.most("opening a million shards, MB of heap", "opening", "peakHeapMegabytes", 512);
    return all.goals;
  }

  private void most(String what, String name, String key, double need) {
    largest(name, key, 1).ifPresent(value -> goals.add(Goal.atMost(what, value, need)));
  }

  private void least(String what, String name, String key, double need) {
    largest(name, key, -1).ifPresent(value -> goals.add(Goal.atLeast(what, -value, need)));
  }

  private OptionalDouble largest(String name, String key, int sign) {
    return rows.stream()
        .filter(row -> String.valueOf(row.get("name")).startsWith(name) && row.containsKey(key))
        .mapToDouble(row -> sign * ((Number) row.get(key)).doubleValue())
        .max();
  }
}
