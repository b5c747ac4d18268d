package dev.stillhouse.pipeline.extract;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The statistic as a textbook would have it: a full stable sort, sums in 50 decimal digits. */
final class NaiveStatistic {
  private static final MathContext DIGITS = new MathContext(50);

  final List<Integer> ids = new ArrayList<>();
  final double logSum;
  final double logTail;
  final double entropy;
  private final float[] row;
  private final double max;

  NaiveStatistic(float[] row, int k) {
    this.row = row;
    for (int i = 0; i < row.length; i++) {
      if (row[i] != Float.NEGATIVE_INFINITY) {
        ids.add(i);
      }
    }
    ids.sort((a, b) -> row[a] == row[b] ? 0 : row[a] > row[b] ? -1 : 1);
    max = row[ids.get(0)];
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal weighted = BigDecimal.ZERO;
    for (int id : ids) {
      double gap = row[id] - max;
      BigDecimal e = new BigDecimal(StrictMath.exp(gap));
      sum = sum.add(e, DIGITS);
      weighted = weighted.add(e.multiply(new BigDecimal(gap), DIGITS), DIGITS);
    }
    logSum = StrictMath.log(sum.doubleValue());
    entropy = logSum - weighted.divide(sum, DIGITS).doubleValue();
    List<Integer> left = ids.subList(Math.min(k, ids.size()), ids.size());
    logTail = left.isEmpty() ? Double.NEGATIVE_INFINITY : logOfSum(left) - logSum;
    left.clear();
  }

  double logProb(int id) {
    return (row[id] - max) - logSum;
  }

  double logNormaliser() {
    return max + logSum;
  }

  private double logOfSum(List<Integer> some) {
    double largest = row[some.get(0)];
    BigDecimal sum = BigDecimal.ZERO;
    for (int id : some) {
      sum = sum.add(new BigDecimal(StrictMath.exp(row[id] - largest)), DIGITS);
    }
    return (largest - max) + StrictMath.log(sum.doubleValue());
  }
}
