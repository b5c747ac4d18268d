package dev.stillhouse.pipeline.teacher.ngram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NgramModelTest {
  /** 0 1 0 1 2 over four ids; worked out by hand: D_1 = 1/5, D_2 = 2/4, D_3 = 1/2. */
  @Test
  void aTinyTextByHand() {
    TokenBatch text = new TokenBatch(0, 5, new int[] {0, 1, 0, 1, 2}, new int[5]);
    NgramModel model = model(text, 4);
    assertRow(model, NgramModel.NONE, 3, 0.39, 0.39, 0.19, 0.03); // Nothing followed 3: p1.
    assertRow(model, NgramModel.NONE, 0, 0.0975, 0.8475, 0.0475, 0.0075);
    assertRow(model, NgramModel.NONE, 1, 0.445, 0.195, 0.345, 0.015);
    assertRow(model, 0, 1, 0.4725, 0.0975, 0.4225, 0.0075);
    assertRow(model, 1, 0, 0.04875, 0.92375, 0.02375, 0.00375);
    assertRow(model, 3, 1, 0.445, 0.195, 0.345, 0.015); // 3 1 was not seen: p2.
    assertRow(model, 1, 2, 0.39, 0.39, 0.19, 0.03); // 1 2 ends the text: p1.
  }

  @Test
  void anNgramLiesWithinOneSegment() {
    TokenBatch apart =
        new TokenBatch(0, 3, new int[] {0, 1, 0, 1, 2, 0}, new int[] {0, 1, 2, 0, 1, -1});
    NgramCounts counts = NgramFit.fit(List.of(apart), 3, 100);
    assertEquals(0, counts.bigrams().ids().length);
    assertEquals(5, counts.tokens(), "padding is not counted");
    assertEquals(2, counts.unigrams()[0]);
  }

  @Property(tries = 100)
  void agreesWithTheFormulas(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 12) int vocabulary) {
    TokenBatch text = randomBatch(random, vocabulary);
    NgramModel model = model(text, vocabulary);
    NaiveNgram naive = new NaiveNgram(text, vocabulary);
    float[] row = new float[vocabulary];
    for (int n = 0; n < 10; n++) {
      int u = random.nextInt(vocabulary + 1) - 1;
      int v = random.nextInt(vocabulary);
      model.row(u, v, row);
      double sum = 0;
      for (int w = 0; w < vocabulary; w++) {
        assertTrue(Float.isFinite(row[w]), "a logit is not finite");
        sum += Math.exp(row[w]);
        double p = naive.p(u == NgramModel.NONE ? List.of(v) : List.of(u, v), w);
        assertEquals(Math.log(p), row[w], 1e-6 + Math.abs(row[w]) * 1e-6);
      }
      assertEquals(1, sum, 1e-6);
    }
  }

  @Test
  void aLargeVocabularyIsNormalised() {
    Random random = new Random(3);
    int[] tokens = new int[1 << 16];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (int) (50257 * Math.pow(random.nextDouble(), 6)); // Few ids are frequent.
    }
    NgramModel model = model(new TokenBatch(0, 256, tokens, new int[tokens.length]), 50257);
    float[] row = new float[50257];
    for (int n = 0; n < 20; n++) {
      int i = 1 + random.nextInt(tokens.length - 1);
      model.row(tokens[i - 1], tokens[i], row);
      double sum = 0;
      for (float x : row) {
        sum += Math.exp(x);
      }
      assertEquals(1, sum, 1e-6);
    }
  }

  /** Rows of random ids, cut into random segments, with padding at the end. */
  static TokenBatch randomBatch(Random random, int vocabulary) {
    int length = 1 + random.nextInt(20);
    int[] tokens = new int[length * (1 + random.nextInt(5))];
    int[] segments = new int[tokens.length];
    int padding = random.nextInt(length);
    for (int i = 0; i < tokens.length; i++) {
      boolean padded = i >= tokens.length - padding;
      tokens[i] = padded ? 0 : random.nextInt(vocabulary);
      int before = i % length == 0 ? 0 : segments[i - 1];
      segments[i] = padded ? TokenBatch.PADDING : before + (random.nextInt(5) == 0 ? 1 : 0);
    }
    return new TokenBatch(0, length, tokens, segments);
  }

  private static NgramModel model(TokenBatch text, int vocabulary) {
    return new NgramModel(NgramFit.fit(List.of(text), vocabulary, NgramCounts.MAX_TOKENS));
  }

  private static void assertRow(NgramModel model, int u, int v, double... expected) {
    float[] row = new float[expected.length];
    model.row(u, v, row);
    for (int w = 0; w < row.length; w++) {
      assertEquals(expected[w], Math.exp(row[w]), 1e-6, "p(" + w + "|" + u + " " + v + ")");
    }
  }
}
