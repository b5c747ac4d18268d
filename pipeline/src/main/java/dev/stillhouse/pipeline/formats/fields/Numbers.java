package dev.stillhouse.pipeline.formats.fields;

import java.util.Arrays;

/** Rows of numbers of one field: a list is one row. Null is NaN, or a row without numbers. */
public final class Numbers {
  private int rows;
  private int[] offsets = new int[65];
  private long[] bits = new long[1 << 6];

  /** Removes all. */
  public void clear() {
    rows = 0;
  }

  /** Begins a row. */
  public void row() {
    if (rows + 1 == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
    }
    offsets[rows + 1] = offsets[rows];
    rows++;
  }

  /** Appends a number to the last row. */
  public void add(double value) {
    addBits(Double.doubleToRawLongBits(value));
  }

  /** Appends 64 bits to the last row, for {@link #bits}. */
  public void addBits(long value) {
    int at = offsets[rows];
    if (at == bits.length) {
      bits = Arrays.copyOf(bits, 2 * at);
    }
    bits[at] = value;
    offsets[rows] = at + 1;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows;
  }

  /** Returns the number of all numbers. */
  public int all() {
    return offsets[rows];
  }

  /** Returns the index of a row's first number. */
  public int from(int row) {
    return offsets[row];
  }

  /** Returns the index behind a row's last number. */
  public int to(int row) {
    return offsets[row + 1];
  }

  /** Returns a number by its index. */
  public double get(int index) {
    return Double.longBitsToDouble(bits[index]);
  }

  /** Returns 64 bits by their index. */
  public long bits(int index) {
    return bits[index];
  }
}
