package dev.stillhouse.bench;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.extract.Extractor;
import dev.stillhouse.pipeline.extract.Extractors;
import dev.stillhouse.pipeline.extract.PlainExtractor;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes the times of one vocabulary size, one measurement after another. */
final class ExtractTimes {
  /**
   * A canary: below this share of the reading speed the vector loops were not compiled as they
   * should, which is silent and makes them four to five times slower. Sound ones reach 0.25 and
   * more; half of it with bfloat16, which has half the bytes.
   */
  private static final double CANARY_SHARE = 0.16;

  /**
   * Another canary, for machines that read fast: sound loops are ten times as fast as the plain
   * twin.
   */
  private static final double CANARY_TWIN = 4;

  /** Bytes that slow extractors read: up to ten milliseconds a row. */
  private static final int SLOW_BYTES = 20_000_000;

  private final LogitBlocks logits;
  private final int vocabulary;
  private final int rounds;

  ExtractTimes(LogitBlocks logits, int vocabulary, int rounds) {
    this.logits = logits;
    this.vocabulary = vocabulary;
    this.rounds = rounds;
  }

  /**
   * Takes all measurements.
   *
   * @param listener receives each one when it is taken
   */
  void all(List<Integer> ks, Consumer<ExtractTime> listener) {
    Map<String, ExtractTime> float32 = new HashMap<>();
    for (LogitType type : LogitType.values()) {
      logits.fill(vocabulary, type);
      for (int threads : new TreeSet<>(List.of(1, Runtime.getRuntime().availableProcessors()))) {
        Roof roof = Roof.of(logits.memory(), threads);
        for (int k : ks) {
          ExtractTime twin =
              float32.computeIfAbsent(
                  "twin " + k, key -> slow("plain twin", k, Extractors::plainTwin));
          ExtractTime time = kernel(roof, k, type, threads, float32.get(k + " " + threads), twin);
          float32.putIfAbsent(k + " " + threads, time);
          listener.accept(time);
        }
      }
      if (type == LogitType.FLOAT32) {
        for (int k : ks) {
          listener.accept(more(k, "sample:50"));
          listener.accept(more(k, "normaliser-at:2.0"));
          listener.accept(float32.get("twin " + k));
          listener.accept(slow("definition", k, PlainExtractor::new));
          listener.accept(slow("priority queue", k, kept -> new QueueExtractor(vocabulary, k)));
        }
      }
    }
  }

  private ExtractTime kernel(
      Roof roof,
      int k,
      LogitType type,
      int threads,
      @Nullable ExtractTime float32,
      ExtractTime twin) {
    Turns turns = Turns.of(rounds, roof::read, () -> extract(topK(k), threads));
    double perSecond = logits.count() / turns.second();
    double share = 1 / turns.ratio();
    return new ExtractTime(
        "kernel",
        vocabulary,
        k,
        threads,
        type,
        perSecond,
        logits.bytes() / turns.first(),
        share,
        float32 == null ? null : perSecond / float32.perSecond(),
        null,
        warning(share * Float.BYTES / type.bytes(), perSecond / twin.perSecond()));
  }

  private static @Nullable String warning(double share, double overTwin) {
    if (!Extractors.vector()) {
      return "the module jdk.incubator.vector is not there: the kernel is its plain twin";
    }
    return share < CANARY_SHARE || overTwin < CANARY_TWIN
        ? "far below what it should be: the JVM did not make vectors of its loops; run it again"
        : null;
  }

  private Selection topK(int k) {
    return Selection.topK(vocabulary, k);
  }

  private void extract(Selection kept, int threads) {
    logits.extract(Extractors::create, kept, threads, logits.count());
  }

  /** Measures a statistic that is more than the k best, in turns with these. */
  private ExtractTime more(int k, String part) {
    StatisticSpec spec = StatisticSpec.parse("top-k:" + k + "+" + part);
    Selection kept = new Selection(vocabulary, spec, ImmutableIntArray.of());
    Turns turns = Turns.of(rounds, () -> extract(topK(k), 1), () -> extract(kept, 1));
    return new ExtractTime(
        "+" + part,
        vocabulary,
        k,
        1,
        LogitType.FLOAT32,
        logits.count() / turns.second(),
        null,
        null,
        null,
        1 / turns.ratio(),
        null);
  }

  private ExtractTime slow(String name, int k, Function<Selection, Extractor> made) {
    int count = Math.max(1, Math.min(logits.count(), SLOW_BYTES / Float.BYTES / vocabulary));
    Runnable few = () -> logits.extract(made, topK(k), 1, count);
    Turns turns = Turns.of(1, few, few);
    double perSecond = count / Math.min(turns.first(), turns.second());
    return new ExtractTime(
        name, vocabulary, k, 1, LogitType.FLOAT32, perSecond, null, null, null, null, null);
  }
}
