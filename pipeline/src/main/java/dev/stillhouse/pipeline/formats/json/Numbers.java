package dev.stillhouse.pipeline.formats.json;

import java.util.Arrays;

/** Rows of numbers of one field: a list is one row. Null is NaN, or a row without numbers. */
final class Numbers {
  private int rows;
  private int[] offsets = new int[513];
  private double[] values = new double[1 << 10];

  /** Removes all. */
  void clear() {
    rows = 0;
  }

  /** Begins a row. */
  void row() {
    if (rows + 1 == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
    }
    offsets[rows + 1] = offsets[rows];
    rows++;
  }

  /** Appends a number to the last row. */
  void add(double value) {
    int at = offsets[rows];
    if (at == values.length) {
      values = Arrays.copyOf(values, 2 * at);
    }
    values[at] = value;
    offsets[rows] = at + 1;
  }

  /** Returns the number of rows. */
  int rows() {
    return rows;
  }

  /** Returns the number of all numbers. */
  int all() {
    return offsets[rows];
  }

  /** Returns the index of a row's first number. */
  int from(int row) {
    return offsets[row];
  }

  /** Returns the index behind a row's last number. */
  int to(int row) {
    return offsets[row + 1];
  }

  /** Returns a number by its index. */
  double get(int index) {
    return values[index];
  }
}
