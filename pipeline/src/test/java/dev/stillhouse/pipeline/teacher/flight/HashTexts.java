package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.storage.statistics.TokenBatch;

/** Texts of {@link HashModel}'s tokens. */
final class HashTexts {
  private HashTexts() {}

  /** Returns two sequences of segments of several lengths, with padding at their end. */
  static TokenBatch sample() {
    int length = 40;
    int[] tokens = new int[2 * length];
    int[] segments = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      boolean padding = i >= tokens.length - 5;
      tokens[i] = padding ? 0 : (i * 37 + i * i) % HashModel.V;
      int place = i % length;
      segments[i] = padding ? TokenBatch.PADDING : place < 21 ? 0 : place < 22 ? 1 : 2;
    }
    return new TokenBatch(70, length, tokens, segments);
  }
}
