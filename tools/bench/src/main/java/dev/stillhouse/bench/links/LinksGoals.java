package dev.stillhouse.bench.links;

import dev.stillhouse.bench.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The targets of hedged reads and of the emulator, over all rows of a kind. */
final class LinksGoals {
  private final List<Map<String, Object>> rows;
  private final List<Goal> goals = new ArrayList<>();

  private LinksGoals(List<Map<String, Object>> rows) {
    this.rows = rows;
  }

  static List<Goal> of(List<Map<String, Object>> rows) {
    LinksGoals all = new LinksGoals(rows);
    all.largest("stragglers", "p999WithoutOverWith", -1)
        .ifPresent(
            x -> all.goals.add(Goal.atLeast("p99.9 without hedging over with, the least", -x, 5)));
    all.atMost("hedging: more requests", "stragglers", "extraRequests", 0.02);
    all.atMost("hedging: more bytes", "stragglers", "extraBytes", 0.02);
    all.atMost("all regions slow: more requests", "all slow", "extraRequests", 0.05);
    all.atMost("all regions slow: more bytes", "all slow", "extraBytes", 0.05);
    all.atMost("a region goes away: reads that fail", "outage", "failedReads", 0);
    all.atMost("replica choice: regret at a drift of 0.1", "choice, drift 0.1", "regret", 0.1);
    all.atMost("emulator and loopback: difference", "emulator", "emulatorError", 0.05);
    return all.goals;
  }

  private void atMost(String what, String name, String key, double need) {
    largest(name, key, 1).ifPresent(value -> goals.add(Goal.atMost(what, value, need)));
  }

  private OptionalDouble largest(String name, String key, int sign) {
    return rows.stream()
        .filter(row -> String.valueOf(row.get("name")).startsWith(name))
        .mapToDouble(row -> sign * ((Number) row.getOrDefault(key, Double.NaN)).doubleValue())
        .max();
  }
}
