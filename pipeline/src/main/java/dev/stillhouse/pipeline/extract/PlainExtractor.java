package dev.stillhouse.pipeline.extract;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The definition of {@link Extractor} in plain loops: ids in order, {@link StrictMath}, double.
 *
 * <p>S, which every value depends on, is summed with compensation: what each addition rounds off is
 * collected (D. E. Knuth: The Art of Computer Programming 2, section 4.2.2) and added at the end
 * (A. Neumaier: Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen. ZAMM 54,
 * 1974). So it is right nearly to the last bit of a double, arithmetics that sum in another order
 * agree with it, and it does not depend on k. Tail and entropy are summed plainly: terms of one
 * sign err by at most V 2^-53 of the sum, 6e-12 at V = 50,257, where float32 rounds at 6e-8.
 *
 * <p>The exponentials are taken in a loop of their own because that is faster than one loop (10.5
 * against 11.9 ns a logit at V = 50,257, k = 64, JDK 17): the sums then stay in registers. A logit
 * that was met a moment ago is not exponentiated again: a counted model says few different values
 * in a row. Looking costs 0.4 ns a logit where all differ (11.6 against 11.2); the n-gram teacher's
 * rows took 10.1 s where comparing neighbours alone took 12.5 s.
 */
public final class PlainExtractor implements Extractor {
  /** The name of this arithmetic. */
  public static final String ARITHMETIC = "plain-1";

  private static final int SPREAD = 0x9E3779B9;
  private static final int PLACE_SHIFT = 24;

  /** Below this a tail is summed again, relative to its own maximum: it has lost digits. */
  private static final double LEAST_TAIL = 0x1p-900;

  /** One row on the heap: read once from direct memory, then from the cache. */
  private final float[] row;

  /** exp(x - max) of each id. */
  private final double[] mass;

  /** Logits of this row that were met last, by a hash of their bits. */
  private final float[] seen = new float[1 << (32 - PLACE_SHIFT)];

  /** Their exp(x - max). */
  private final double[] seenMass = new double[seen.length];

  private final BestLogits best;

  /** Whether an id is an entry; all false between rows. */
  private final boolean[] kept;

  /**
   * An extractor for rows of one shape.
   *
   * @param vocabulary how many ids take part (V)
   * @param k most entries, 1 .. V
   */
  public PlainExtractor(int vocabulary, int k) {
    checkArgument(1 <= k && k <= vocabulary, "PlainExtractor: k=%s, need 1 .. %s", k, vocabulary);
    row = new float[vocabulary];
    mass = new double[vocabulary];
    best = new BestLogits(k);
    kept = new boolean[vocabulary];
  }

  @Override
  public String arithmetic() {
    return ARITHMETIC;
  }

  @Override
  public void extract(FloatBuffer rows, int from, int target, RowStatistic into) {
    rows.get(from, row);
    int bad = best.select(row, row.length);
    if (bad >= 0) {
      throw RowErrors.bad(bad, row[bad]);
    }
    if (best.size() == 0) {
      throw RowErrors.empty(row.length);
    }
    into.count = best.drain(row, into.ids);
    mark(into, true);
    reduce(target, into);
    mark(into, false);
  }

  private void reduce(int target, RowStatistic into) {
    float[] row = this.row; // Locals: fields would be loaded again after every call of exp.
    double[] mass = this.mass;
    double max = row[into.ids[0]];
    float[] seen = this.seen;
    double[] seenMass = this.seenMass;
    Arrays.fill(seen, Float.NaN); // Equals nothing: the maximum is another one in each row.
    for (int i = 0; i < row.length; i++) {
      float logit = row[i];
      int place = (Float.floatToRawIntBits(logit) * SPREAD) >>> PLACE_SHIFT;
      if (seen[place] != logit) {
        seen[place] = logit;
        seenMass[place] = StrictMath.exp(logit - max);
      }
      mass[i] = seenMass[place];
    }
    double sum = 0;
    double lost = 0;
    double tail = 0;
    double weighted = 0;
    for (int i = 0; i < row.length; i++) {
      double e = mass[i];
      if (e == 0) {
        continue; // Adds nothing; and for -inf the product below would be NaN.
      }
      double next = sum + e;
      double added = next - sum;
      lost += (sum - (next - added)) + (e - added);
      sum = next;
      weighted += e * (row[i] - max);
      if (!kept[i]) {
        tail += e;
      }
    }
    sum += lost;
    double logSum = StrictMath.log(sum);
    double logTail = tail < LEAST_TAIL ? smallTail(max) : StrictMath.log(tail);
    into.logTail = (float) (logTail - logSum);
    into.entropy = (float) (logSum - weighted / sum);
    into.logNormaliser = (float) (max + logSum);
    into.targetLogProb =
        target == TokenBatch.NO_TARGET ? Float.NaN : (float) ((row[target] - max) - logSum);
    for (int j = 0; j < into.count; j++) {
      into.logProbs[j] = (float) ((row[into.ids[j]] - max) - logSum);
    }
  }

  /** Log of the tail's sum where exp(x - max) underflows: its largest logit is factored out. */
  private double smallTail(double max) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < row.length; i++) {
      most = kept[i] ? most : Math.max(most, row[i]);
    }
    if (most == Double.NEGATIVE_INFINITY) {
      return most;
    }
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += kept[i] ? 0 : StrictMath.exp(row[i] - most);
    }
    return (most - max) + StrictMath.log(sum);
  }

  private void mark(RowStatistic entries, boolean isKept) {
    for (int j = 0; j < entries.count; j++) {
      kept[entries.ids[j]] = isKept;
    }
  }
}
