package dev.stillhouse.bench;

import dev.stillhouse.storage.losses.FullDistillation;
import dev.stillhouse.storage.losses.PositionStatistic;
import dev.stillhouse.storage.losses.SampledEstimate;
import dev.stillhouse.storage.losses.StudentLoss;
import dev.stillhouse.storage.losses.TailBucket;
import dev.stillhouse.storage.losses.TopK;
import dev.stillhouse.storage.losses.UnionEstimate;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Measures how far the gradients from a kept statistic lie from full distillation's. The student is
 * one in training: the teacher at temperature 1.5, with each id's logit off by a normal number of
 * its own, the same everywhere, so that the positions agree about what is to be learned.
 */
final class GradientErrors {
  private static final double STUDENT_TEMPERATURE = 1.5;

  /** One way to use a kept statistic. */
  enum Use {
    TRUNCATED("truncated"),
    RENORMALISED("renormalised"),
    BUCKET("tail bucket"),
    SAMPLED("draws"),
    UNION("best and draws");

    private final String words;

    Use(String words) {
      this.words = words;
    }

    private StudentLoss loss() {
      return switch (this) {
        case TRUNCATED -> TopK::truncated;
        case RENORMALISED -> TopK::renormalised;
        case BUCKET -> TailBucket::of;
        case SAMPLED -> SampledEstimate::of;
        case UNION -> UnionEstimate::of;
      };
    }

    /** Returns the ways to use a statistic. */
    static List<Use> of(StatisticSpec spec) {
      if (spec.sample().isEmpty()) {
        return List.of(TRUNCATED, RENORMALISED, BUCKET);
      }
      return List.of(spec.topK() > 0 ? UNION : SAMPLED);
    }
  }

  private final double[] off;
  private final double[] full;
  private final Map<String, Sums> sums = new LinkedHashMap<>();
  private long positions;

  private static final class Sums {
    private final String statistic;
    private final Use use;
    private final double[] gradient;
    private double entries;
    private double error;

    Sums(String statistic, Use use, int vocabulary) {
      this.statistic = statistic;
      this.use = use;
      this.gradient = new double[vocabulary];
    }
  }

  GradientErrors(int vocabulary) {
    Random random = new Random(1);
    off = IntStream.range(0, vocabulary).mapToDouble(id -> random.nextGaussian()).toArray();
    full = new double[vocabulary];
  }

  /** A position with all its log-probs; statistics of it are {@link #add added} to it. */
  final class Position {
    private final double[] logits;
    private final double[] gradient;
    private final double norm;

    Position(double[] logProbs) {
      logits = new double[logProbs.length];
      for (int j = 0; j < logits.length; j++) {
        logits[j] = logProbs[j] / STUDENT_TEMPERATURE + off[j];
      }
      gradient = FullDistillation.crossEntropy(logProbs, logits).gradient();
      norm = norm(gradient);
      plus(full, gradient);
      positions++;
    }

    void add(String statistic, Use use, PositionStatistic kept) {
      Sums into =
          sums.computeIfAbsent(
              statistic + " " + use, name -> new Sums(statistic, use, full.length));
      double[] estimate = use.loss().of(kept, logits).gradient();
      plus(into.gradient, estimate);
      into.entries += kept.ids().length;
      into.error += distance(estimate, gradient) / norm;
    }
  }

  /** Returns the error of each statistic and use, in the order in which they came. */
  List<GradientError> all() {
    double norm = norm(full);
    return sums.values().stream()
        .map(
            one ->
                new GradientError(
                    one.statistic,
                    one.use.words,
                    one.entries / positions,
                    one.error / positions,
                    distance(one.gradient, full) / norm))
        .toList();
  }

  private static void plus(double[] into, double[] values) {
    for (int j = 0; j < into.length; j++) {
      into[j] += values[j];
    }
  }

  private static double norm(double[] a) {
    return distance(a, new double[a.length]);
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double d = a[j] - b[j];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }
}
