package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A million draws from a teacher's rows have the teacher's distribution. */
@Tag("slow")
class DrawsTest {
  private static final int DRAWS = 1 << 16;
  private static final int POSITIONS = 16;
  private static final double MIN_EXPECTED = 5;

  /** Of a normal distribution: p = 1e-3 above it. */
  private static final double ONE_IN_A_THOUSAND = 3.09;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void followTheTeacher(long seed) throws IOException {
    for (float[] row : rows()) {
      check(row, new StatisticSpec.Sample(DRAWS, 1, seed));
      check(row, new StatisticSpec.Sample(DRAWS, 2, seed));
    }
  }

  /** A distribution that is a little wrong is found out: 2 % of one id's mass went elsewhere. */
  @Test
  void theTestCanFail() {
    float[] row = new float[50];
    float[] other = row.clone();
    other[7] = 0.2f;
    double[] counts = counts(other, new StatisticSpec.Sample(DRAWS, 1, 1));
    assertTrue(chiSquare(counts, row, 1) > ONE_IN_A_THOUSAND);
  }

  /** E[sum of count/N t/q] = 1: draws from another proposal are weighted rightly, everywhere. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void weightsAddUpToOneOnAverage(long seed) throws IOException {
    float[] row = rows().get(1);
    Selection selection =
        new Selection(
            row.length,
            StatisticSpec.parse("top-k:32+sample:50,temperature=1.5", seed),
            ImmutableIntArray.of());
    Extractor extractor = Extractors.create(selection);
    RowStatistic one = new RowStatistic(selection);
    LogitBuffer rows = FusedExtractorTest.direct(row);
    double sum = 0;
    double squares = 0;
    int n = 4000;
    for (int i = 0; i < n; i++) {
      extractor.extract(rows, 0, TokenBatch.NO_TARGET, i / 500, i % 500, one);
      double weight = 0;
      for (int j = 0; j < one.count; j++) {
        double ratio = Math.exp(one.logProbs[j] - one.provenance.logProposals()[j]);
        weight += one.provenance.counts()[j] / 50.0 * ratio;
      }
      sum += weight;
      squares += weight * weight;
    }
    double mean = sum / n;
    double deviation = Math.sqrt((squares / n - mean * mean) / n);
    assertTrue(Math.abs(mean - 1) < 4 * deviation, mean + " +- " + deviation);
  }

  private static void check(float[] row, StatisticSpec.Sample sample) {
    double[] counts = counts(row, sample);
    double z = chiSquare(counts, row, sample.temperature());
    assertTrue(z < ONE_IN_A_THOUSAND, sample + ": chi-square lies " + z + " deviations out");
  }

  private static double[] counts(float[] row, StatisticSpec.Sample sample) {
    Selection selection =
        new Selection(
            row.length, StatisticSpec.parse("top-k:32+" + sample), ImmutableIntArray.of());
    Extractor extractor = Extractors.create(selection);
    RowStatistic one = new RowStatistic(selection);
    LogitBuffer rows = FusedExtractorTest.direct(row);
    double[] counts = new double[row.length];
    for (int position = 0; position < POSITIONS; position++) {
      extractor.extract(rows, 0, TokenBatch.NO_TARGET, 1L << 33, position, one);
      for (int j = 0; j < one.count; j++) {
        counts[one.ids[j]] += one.provenance.counts()[j];
      }
    }
    return counts;
  }

  /**
   * Pearson's statistic over ids that are expected often enough, the others pooled, as deviations
   * of a normal distribution (E. B. Wilson, M. M. Hilferty: The distribution of chi-square. PNAS
   * 17, 1931). No id alone may be 6 deviations off.
   */
  private static double chiSquare(double[] counts, float[] row, double temperature) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : row) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp((logit - max) / temperature);
    }
    int n = DRAWS * POSITIONS;
    double square = 0;
    double pooled = 0;
    double pooledCount = 0;
    double total = 0;
    int cells = 0;
    for (int i = 0; i < row.length; i++) {
      double p = Math.exp((row[i] - max) / temperature) / sum;
      total += counts[i];
      if (n * p < MIN_EXPECTED) {
        pooled += n * p;
        pooledCount += counts[i];
        continue;
      }
      double z = (counts[i] - n * p) / Math.sqrt(n * p * (1 - p));
      assertTrue(Math.abs(z) < 6 || row.length == 50, "id " + i + " is " + z + " deviations off");
      square += (counts[i] - n * p) * (counts[i] - n * p) / (n * p);
      cells++;
    }
    assertEquals(n, total);
    if (pooled >= MIN_EXPECTED) {
      square += (pooledCount - pooled) * (pooledCount - pooled) / pooled;
      cells++;
    }
    double freedom = cells - 1;
    double deviation = 2 / (9 * freedom);
    return (Math.cbrt(square / freedom) - (1 - deviation)) / Math.sqrt(deviation);
  }

  /** Of each teacher two rows: the least sure and the surest that its first positions have. */
  private static List<float[]> rows() throws IOException {
    List<float[]> rows = new ArrayList<>(extremes(RealRows.counted(20)));
    RealRows.trained(20).ifPresent(trained -> rows.addAll(extremes(trained)));
    return rows;
  }

  private static List<float[]> extremes(RealRows real) {
    List<float[]> byEntropy = new ArrayList<>(List.of(real.rows()));
    byEntropy.sort(Comparator.comparingDouble(DrawsTest::entropy));
    return List.of(byEntropy.get(0), byEntropy.get(byEntropy.size() - 1));
  }

  private static double entropy(float[] row) {
    RowStatistic one = new RowStatistic(1);
    Extractors.create(row.length, 1).extract(FusedExtractorTest.direct(row), 0, 0, one);
    return one.entropy;
  }
}
