package dev.stillhouse.pipeline.teacher.ngram;

import dev.stillhouse.storage.statistics.TokenBatch;

/**
 * Computes rows of logits from counts; the formulas are in the description of this package.
 *
 * <p>All logarithms are taken once, when a model is opened. A row is then the unigram row plus one
 * number, overwritten by the seen continuations of the shorter history, then of the longer one.
 * Memory: 24 bytes an id, 32 a bigram, 12 a trigram; at most 90 MiB + 24 bytes an id.
 *
 * <p>Immutable, so safe for any thread.
 */
final class NgramModel {
  /** Stands for no token: a segment's first slot has none before it. */
  static final int NONE = -1;

  private final int vocabulary;
  private final Continuations bigrams;
  private final Continuations trigrams;

  /** log p1(w) of each id. */
  private final double[] logUnigram;

  /** log p2(w|v) of each bigram that was seen. */
  private final double[] logBigram;

  /** log p3(w|uv) of each trigram that was seen, already a logit. */
  private final float[] logTrigram;

  /** log L(v) of each id. */
  private final double[] logBackoff2;

  /** log L(uv) of each bigram. */
  private final double[] logBackoff3;

  NgramModel(NgramCounts counts) {
    vocabulary = counts.vocabulary();
    bigrams = counts.bigrams();
    trigrams = counts.trigrams();
    double[] p1 = unigrams(counts);
    logUnigram = logs(p1);

    double[] backoff2 = new double[vocabulary];
    double[] p2 = new double[bigrams.ids().length];
    double d2 = discount(bigrams.counts());
    for (int v = 0; v < vocabulary; v++) {
      double total = bigrams.total(v);
      backoff2[v] = total == 0 ? 1 : d2 * bigrams.kinds(v) / total;
      for (int e = bigrams.starts()[v]; e < bigrams.starts()[v + 1]; e++) {
        p2[e] = (bigrams.counts()[e] - d2) / total + backoff2[v] * p1[bigrams.ids()[e]];
      }
    }
    logBackoff2 = logs(backoff2);
    logBigram = logs(p2);

    double[] backoff3 = new double[p2.length];
    logTrigram = new float[trigrams.ids().length];
    double d3 = discount(trigrams.counts());
    for (int j = 0; j < p2.length; j++) {
      double total = trigrams.total(j);
      backoff3[j] = total == 0 ? 1 : d3 * trigrams.kinds(j) / total;
      int v = bigrams.ids()[j]; // A trigram (u,v,w) falls back to (v,w).
      for (int e = trigrams.starts()[j]; e < trigrams.starts()[j + 1]; e++) {
        int w = trigrams.ids()[e];
        int shorter = bigrams.find(v, w);
        double lower = shorter < 0 ? backoff2[v] * p1[w] : p2[shorter];
        double p3 = (trigrams.counts()[e] - d3) / total + backoff3[j] * lower;
        logTrigram[e] = (float) StrictMath.log(p3);
      }
    }
    logBackoff3 = logs(backoff3);
  }

  int vocabulary() {
    return vocabulary;
  }

  /** Returns the token before slot {@code i} in its segment, or {@link #NONE}. */
  static int before(TokenBatch batch, int i) {
    boolean first = i % batch.length() == 0 || batch.segments()[i - 1] != batch.segments()[i];
    return first ? NONE : batch.tokens()[i - 1];
  }

  /**
   * Writes the logits after history u, v: natural logs of a distribution, rounded to float32.
   *
   * @param u the token before v, or {@link #NONE}
   * @param row {@code [vocabulary]}
   */
  void row(int u, int v, float[] row) {
    int bigram = u == NONE ? -1 : bigrams.find(u, v);
    double backoff3 = bigram < 0 ? 0 : logBackoff3[bigram];
    double backoff = backoff3 + logBackoff2[v];
    for (int w = 0; w < row.length; w++) {
      row[w] = (float) (backoff + logUnigram[w]);
    }
    for (int e = bigrams.starts()[v]; e < bigrams.starts()[v + 1]; e++) {
      row[bigrams.ids()[e]] = (float) (backoff3 + logBigram[e]);
    }
    if (bigram >= 0) {
      for (int e = trigrams.starts()[bigram]; e < trigrams.starts()[bigram + 1]; e++) {
        row[trigrams.ids()[e]] = logTrigram[e];
      }
    }
  }

  private static double[] unigrams(NgramCounts counts) {
    double discount = discount(counts.unigrams());
    int seen = 0;
    for (int count : counts.unigrams()) {
      seen += count > 0 ? 1 : 0;
    }
    double floor = discount * seen / counts.tokens() / counts.vocabulary();
    double[] p1 = new double[counts.vocabulary()];
    for (int w = 0; w < p1.length; w++) {
      int count = counts.unigrams()[w];
      p1[w] = (count > 0 ? (count - discount) / counts.tokens() : 0) + floor;
    }
    return p1;
  }

  /** Returns the discount of one order; 0.5 if too few n-grams were seen once and twice. */
  private static double discount(int[] counts) {
    int once = 0;
    int twice = 0;
    for (int count : counts) {
      once += count == 1 ? 1 : 0;
      twice += count == 2 ? 1 : 0;
    }
    return once == 0 || twice == 0 ? 0.5 : once / (once + 2.0 * twice);
  }

  private static double[] logs(double[] values) {
    double[] logs = new double[values.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = StrictMath.log(values[i]);
    }
    return logs;
  }
}
