package dev.stillhouse.storage.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Made-up batches that are legal in every way a layout must bear. */
public final class SampleBatches {
  private SampleBatches() {}

  /** Packed sequences of random segments; the last row may end in padding. */
  public static TokenBatch tokens(Random random, long first, int rows, int length, int vocabulary) {
    int[] tokens = new int[rows * length];
    int[] segments = new int[rows * length];
    int used = rows * length - random.nextInt(length);
    int segment = 0;
    for (int i = 0; i < tokens.length; i++) {
      segment = i % length == 0 ? 0 : segment + (random.nextInt(5) == 0 ? 1 : 0);
      tokens[i] = i < used ? random.nextInt(vocabulary) : 0;
      segments[i] = i < used ? segment : TokenBatch.PADDING;
    }
    return new TokenBatch(first, length, tokens, segments);
  }

  /** Statistics of at most {@code k} entries, some fewer, some -inf, some empty tails. */
  public static StatisticsBatch statistics(
      Random random, TokenBatch tokens, int k, int vocabulary) {
    int slots = tokens.slots();
    int[] offsets = new int[slots + 1];
    int[] ids = new int[slots * k];
    float[] logProbs = new float[slots * k];
    float[] tail = new float[slots];
    float[] entropy = new float[slots];
    float[] normaliser = new float[slots];
    float[] target = new float[slots];
    for (int i = 0; i < slots; i++) {
      boolean padding = tokens.padding(i);
      int count = padding ? 0 : random.nextInt(4) == 0 ? random.nextInt(k + 1) : k;
      int at = offsets[i];
      int id = random.nextInt(vocabulary);
      float logProb = -random.nextFloat();
      for (int e = at; e < at + count; e++) {
        ids[e] = id;
        logProbs[e] = random.nextInt(50) == 0 ? Float.NEGATIVE_INFINITY : logProb;
        id = (id + 1 + random.nextInt(3)) % vocabulary;
        logProb -= random.nextFloat() * 3;
      }
      offsets[i + 1] = at + count;
      boolean empty = random.nextInt(9) == 0;
      tail[i] = padding ? Float.NaN : empty ? Float.NEGATIVE_INFINITY : -random.nextFloat() * 9;
      entropy[i] = padding ? Float.NaN : random.nextFloat() * 10;
      normaliser[i] = padding ? Float.NaN : (float) random.nextGaussian() * 100;
      target[i] = tokens.target(i) == TokenBatch.NO_TARGET ? Float.NaN : -random.nextFloat() * 12;
    }
    return new StatisticsBatch(tokens, offsets, ids, logProbs, tail, entropy, normaliser, target);
  }

  /**
   * The same with all that a union has besides: any reasons, any counts, normalisers that are null
   * in padding.
   */
  public static StatisticsBatch statistics(
      Random random, TokenBatch tokens, int k, int vocabulary, StatisticSpec spec) {
    StatisticsBatch plain = statistics(random, tokens, k, vocabulary);
    Provenance provenance = Provenance.room(spec, plain.ids().length);
    for (int e = 0; e < provenance.reasons().length; e++) {
      provenance.reasons()[e] = (byte) (1 + random.nextInt(15));
    }
    for (int e = 0; e < provenance.counts().length; e++) {
      provenance.counts()[e] = random.nextInt(9) == 0 ? random.nextInt() : random.nextInt(4);
    }
    for (int e = 0; e < provenance.logProposals().length; e++) {
      boolean never = random.nextInt(50) == 0;
      provenance.logProposals()[e] = never ? Float.NEGATIVE_INFINITY : -random.nextFloat() * 20;
    }
    float[][] normalisers = new float[spec.furtherScalars().size()][tokens.slots()];
    for (float[] values : normalisers) {
      for (int i = 0; i < values.length; i++) {
        values[i] = tokens.padding(i) ? Float.NaN : (float) random.nextGaussian() * 100;
      }
    }
    return new StatisticsBatch(
        tokens,
        plain.offsets(),
        plain.ids(),
        plain.logProbs(),
        provenance,
        plain.logTail(),
        plain.entropy(),
        plain.logNormaliser(),
        plain.targetLogProb(),
        normalisers);
  }

  /** A statistic with any of the columns that there may be. */
  public static StatisticSpec spec(Random random) {
    List<String> parts = new ArrayList<>();
    String[] all = {
      "top-k:9", "top-p:0.9,max=7", "sample:5", "sample:5,temperature=1.5", "forced:ids", "target"
    };
    for (String part : all) {
      boolean again = part.startsWith("sample") && String.join("", parts).contains("sample");
      if (random.nextBoolean() && !again) {
        parts.add(part);
      }
    }
    if (random.nextBoolean() || parts.isEmpty()) {
      parts.add(random.nextBoolean() ? "normaliser-at:2.0" : "normaliser-at:0.05,1.0,33.3");
    }
    return StatisticSpec.parse(String.join("+", parts));
  }
}
