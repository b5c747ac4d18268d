package dev.stillhouse.storage.loader;

import java.util.Arrays;

/**
 * How far a count lies from what chance gives, in standard deviations: 0 is what is expected, and
 * of random orders it is a normal number.
 */
public final class Deviation {
  private Deviation() {}

  /** Of a sum with this mean and standard deviation. */
  public static double of(double value, double mean, double deviation) {
    return (value - mean) / deviation;
  }

  /** Of counts that should be alike, as many as there are draws: chi-square. */
  public static double even(long[] counts) {
    double[] expected = new double[counts.length];
    Arrays.fill(expected, Arrays.stream(counts).sum() / (double) counts.length);
    return expected(counts, expected);
  }

  /** Of counts whose expectations are known and add up to them: chi-square. */
  public static double expected(long[] counts, double[] expected) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i];
    }
    return chiSquare(sum, counts.length - 1);
  }

  /** Of a table whose columns should not depend on its rows: chi-square of Pearson. */
  public static double independent(long[][] table) {
    int columns = table[0].length;
    double[] ofColumn = new double[columns];
    double[] ofRow = new double[table.length];
    double all = 0;
    for (int row = 0; row < table.length; row++) {
      for (int column = 0; column < columns; column++) {
        ofRow[row] += table[row][column];
        ofColumn[column] += table[row][column];
        all += table[row][column];
      }
    }
    double sum = 0;
    for (int row = 0; row < table.length; row++) {
      for (int column = 0; column < columns; column++) {
        double expected = ofRow[row] * ofColumn[column] / all;
        double off = table[row][column] - expected;
        sum += off * off / expected;
      }
    }
    return chiSquare(sum, (table.length - 1.0) * (columns - 1));
  }

  /**
   * Of a sum of squares of normal numbers. Wilson and Hilferty, 1931: the cube root of chi-square
   * is nearly normal.
   */
  public static double chiSquare(double value, double degrees) {
    double variance = 2 / (9 * degrees);
    return (Math.cbrt(value / degrees) - (1 - variance)) / Math.sqrt(variance);
  }
}
