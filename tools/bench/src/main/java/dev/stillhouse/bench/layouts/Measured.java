package dev.stillhouse.bench.layouts;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a run.
 *
 * @param sample what was measured on
 * @param rows figures of each store and the estimate, by the keys that are promised to programs
 */
record Measured(MeasuredDataset sample, List<Map<String, Object>> rows) {
  Measured {
    rows = ImmutableList.copyOf(rows);
  }

  /** Returns the rows of this project's layouts that could hold the statistics, in order. */
  List<Map<String, Object>> layouts() {
    return rows.stream()
        .filter(row -> row.containsKey("layout") && row.containsKey("bytesPerPosition"))
        .toList();
  }

  /** Returns the rows of all stores that could hold the statistics. */
  List<Map<String, Object>> stores() {
    return rows.stream().filter(row -> row.containsKey("bytesPerPosition")).toList();
  }

  /** Returns a figure of a row; NaN if it is missing. */
  static double number(Map<String, Object> row, String key) {
    return row.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** Returns a figure of a store; empty if either is missing. */
  Optional<Double> figure(String name, String key) {
    return rows.stream()
        .filter(row -> name.equals(row.get("name")))
        .map(row -> number(row, key))
        .filter(value -> !value.isNaN())
        .findFirst();
  }
}
