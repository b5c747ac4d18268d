package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A million draws from a teacher's rows have the teacher's distribution. */
class DrawsTest {
  private static final int DRAWS = 1 << 16;
  private static final int POSITIONS = 16;
  private static final double LEAST_EXPECTED = 5;

  /** Of a normal distribution: p = 1e-3 above it. */
  private static final double ONE_IN_A_THOUSAND = 3.09;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void followTheTeacher(long seed) {
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
      if (n * p < LEAST_EXPECTED) {
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
    if (pooled >= LEAST_EXPECTED) {
      square += (pooledCount - pooled) * (pooledCount - pooled) / pooled;
      cells++;
    }
    double freedom = cells - 1;
    double deviation = 2 / (9 * freedom);
    return (Math.cbrt(square / freedom) - (1 - deviation)) / Math.sqrt(deviation);
  }

  /** Rows that the n-gram teacher gives of GPT-2's vocabulary: sharp, broad and in between. */
  private static List<float[]> rows() {
    int vocabulary = 50_257;
    int[] text = new Random(3).ints(3000, 0, 60).map(i -> i * i % 997).toArray();
    TokenBatch corpus = new TokenBatch(0, text.length, text, new int[text.length]);
    var provider = Teachers.named("ngram");
    Optional<byte[]> blob = provider.prepare("", List.of(corpus), vocabulary);
    List<float[]> rows = new ArrayList<>();
    try (DenseTeacher teacher =
        (DenseTeacher) provider.open("", blob.map(com.google.common.io.ByteSource::wrap))) {
      TokenBatch asked =
          new TokenBatch(0, 4, new int[] {text[0], text[1], 40_000, text[5]}, new int[4]);
      try (LogitsCursor cursor = teacher.read(asked)) {
        for (Logits block = cursor.next(); block != null; block = cursor.next()) {
          for (int i = 0; i < block.count(); i++) {
            float[] row = new float[vocabulary];
            block.rows().get(i * vocabulary, row, vocabulary);
            rows.add(row);
          }
          block.close();
        }
      }
    }
    assertEquals(4, rows.size());
    return rows;
  }
}
