package dev.stillhouse.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Distance of a gradient from full distillation's: length of the difference over its length.
 *
 * @param statistic what is kept
 * @param use how a student uses it
 * @param entries kept at a position, on average
 * @param ofOnePosition of a position's gradient, on average
 * @param ofTheMean of the mean over all positions
 */
record GradientError(
    String statistic, String use, double entries, double ofOnePosition, double ofTheMean) {

  /** Returns the figures by the keys that are promised to programs. */
  Map<String, Object> figures() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", statistic);
    row.put("use", use);
    row.put("entriesPerPosition", entries);
    row.put("errorOfOnePosition", ofOnePosition);
    row.put("errorOfTheMean", ofTheMean);
    return row;
  }
}
