package dev.stillhouse.storage.loader.order;

import dev.stillhouse.storage.loader.Deviation;
import java.util.function.IntUnaryOperator;

/** What tells an order from a random permutation, each as a {@link Deviation}. */
enum OrderStatistic {
  /** (p, record): which part of the epoch says nothing of which part of the dataset. */
  PLACES("position, record") {
    @Override
    double of(int[] order, int[] next) {
      return grid(order.length, p -> part(p, order.length), p -> part(order[p], order.length));
    }
  },
  /** (record(p), record(p+1)): where one record stands says nothing of the next. */
  SUCCESSORS("record, next record") {
    @Override
    double of(int[] order, int[] next) {
      int n = order.length;
      return grid(n - 1, p -> part(order[p], n), p -> part(order[p + 1], n));
    }
  },
  /** (record(p), record(p + side)): neighbours in a column of the square. */
  COLUMN("record, record one row on") {
    @Override
    double of(int[] order, int[] next) {
      int n = order.length;
      int side = side(n);
      return grid(n - side, p -> part(order[p], n), p -> part(order[p + side], n));
    }
  },
  /** (record(p+1) - record(p)) mod n, in 1,024 parts. */
  DIFFERENCES("next record - record") {
    @Override
    double of(int[] order, int[] next) {
      int n = order.length;
      long[] counts = new long[1024];
      for (int p = 1; p < n; p++) {
        counts[(int) (Math.floorMod((long) order[p] - order[p - 1], (long) n) * 1024 / n)]++;
      }
      return Deviation.even(counts);
    }
  },
  /** The sum of |record(p) - p|, Spearman's footrule; Diaconis and Graham, 1977. */
  DISPLACEMENT("|record - position|") {
    @Override
    double of(int[] order, int[] next) {
      double n = order.length;
      double sum = 0;
      for (int p = 0; p < order.length; p++) {
        sum += Math.abs(order[p] - p);
      }
      double variance = (n + 1) * (2 * n * n + 7) / 45;
      return Deviation.of(sum, (n * n - 1) / 3, Math.sqrt(variance));
    }
  },
  /** (p mod 64, record mod 64). */
  LOW_BITS("low bits: position, record") {
    @Override
    double of(int[] order, int[] next) {
      return grid(order.length, p -> p % PARTS, p -> order[p] % PARTS);
    }
  },
  /** (record(p) mod 64, record(p+1) mod 64). */
  LOW_BITS_SUCCESSORS("low bits: record, next") {
    @Override
    double of(int[] order, int[] next) {
      return grid(order.length - 1, p -> order[p] % PARTS, p -> order[p + 1] % PARTS);
    }
  },
  /** (record(p), record(p) of the epoch after). */
  EPOCHS("record, record an epoch on") {
    @Override
    double of(int[] order, int[] next) {
      int n = order.length;
      return grid(n, p -> part(order[p], n), p -> part(next[p], n));
    }
  },
  /**
   * (row of the record - column of the position) mod side. After three rounds it is F(row +
   * constant of the column), whose side values are not even.
   */
  THREE_ROUNDS("made for three rounds") {
    @Override
    double of(int[] order, int[] next) {
      int side = side(order.length);
      long[] counts = new long[side];
      for (int p = 0; p < order.length; p++) {
        counts[Math.floorMod(order[p] / side - p % side, side)]++;
      }
      return Deviation.even(counts);
    }
  },
  /**
   * How often two positions of a column have the same (row of the record - row of the position) mod
   * side. After four rounds it is twice as often as it should be (Patarin, <i>New results on
   * pseudorandom permutation generators based on the DES scheme</i>, 1991).
   */
  FOUR_ROUNDS("made for four rounds") {
    @Override
    double of(int[] order, int[] next) {
      int side = side(order.length);
      long same = 0;
      double pairs = 0;
      for (int column = 0; column < side; column++) {
        int[] counts = new int[side];
        int rows = 0;
        for (int p = column; p < order.length; p += side) {
          same += counts[Math.floorMod(order[p] / side - p / side, side)]++;
          rows++;
        }
        pairs += rows * (rows - 1.0) / 2;
      }
      return Deviation.of((double) same, pairs / side, Math.sqrt(pairs / side));
    }
  };

  private static final int PARTS = 64;

  private final String told;

  OrderStatistic(String told) {
    this.told = told;
  }

  /**
   * The deviation.
   *
   * @param order record by position
   * @param next the order of the epoch (or of the seed) after
   */
  abstract double of(int[] order, int[] next);

  @Override
  public String toString() {
    return told;
  }

  private static double grid(int n, IntUnaryOperator row, IntUnaryOperator column) {
    long[][] table = new long[PARTS][PARTS];
    for (int p = 0; p < n; p++) {
      table[row.applyAsInt(p)][column.applyAsInt(p)]++;
    }
    return Deviation.independent(table);
  }

  private static int part(int x, int n) {
    return (int) ((long) x * PARTS / n);
  }

  private static int side(int n) {
    return (int) Math.ceil(Math.sqrt(n));
  }
}
