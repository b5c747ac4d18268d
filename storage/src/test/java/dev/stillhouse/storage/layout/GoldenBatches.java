package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.Random;

/** What the golden shards hold: every case of every grammar, in few bytes. */
enum GoldenBatches {
  /** The same number of entries at nearly every position, two row groups, mostly padding. */
  TOP("top-k:9", 2, 16_400, 5, 9),
  /** All that an entry may be there for, and missing normalisers. */
  UNION(
      "top-k:3+sample:5,temperature=2.0,seed=1+forced:golden+target+normaliser-at:0.5,2.0",
      2,
      12,
      7,
      40),
  /** As many entries as it takes, up to the last band, and a token that stands often. */
  TOP_P("top-p:0.9,max=40", 2, 16, 14, 40);

  static final int VOCABULARY = 100_000;
  private static final long FIRST_SEQUENCE = 7;

  /** Entries of most positions. */
  private static final int FEW = 9;

  /** Slots that have many. */
  private static final int MANY_AT = 3;

  /** The second has equal log-probs, whose gaps zstd shrinks. */
  private static final int TIES_AT = 6;

  private static final float[] ODD = {
    0, -0f, -1e-30f, -1e-7f, -1e9f, -999.5f, -1000.5f, Float.NEGATIVE_INFINITY
  };

  private final String statistic;
  private final int rows;
  private final int length;
  private final int used;
  private final int k;

  GoldenBatches(String statistic, int rows, int length, int used, int k) {
    this.statistic = statistic;
    this.rows = rows;
    this.length = length;
    this.used = used;
    this.k = k;
  }

  String statistic() {
    return statistic;
  }

  /** The batch; the same each time. */
  StatisticsBatch batch() {
    Random random = new Random(k + used);
    StatisticSpec spec = StatisticSpec.parse(statistic);
    TokenBatch tokens = tokens(random);
    StatisticsBatch batch = SampleBatches.statistics(random, tokens, k, VOCABULARY, spec);
    int[] had = new int[tokens.slots()];
    for (int i = 0; i < tokens.slots(); i++) {
      had[i] = batch.offsets()[i + 1] - batch.offsets()[i];
    }
    for (int i = 0; i < tokens.slots(); i++) {
      int from = batch.offsets()[i];
      int max = k == FEW || i == MANY_AT || i == TIES_AT ? k : i % 5;
      int n = i < length && k == FEW && !tokens.padding(i) ? k : Math.min(max, had[i]);
      batch.offsets()[i + 1] = from + n;
      System.arraycopy(LogProbRows.any(random, n, spec.hasReasons()), 0, batch.logProbs(), from, n);
      if (i == TIES_AT) {
        Arrays.fill(batch.logProbs(), from, from + n, -3);
      }
      for (int e = from; e < from + n; e++) {
        // A few ids stand everywhere, so that adaptive's prior has lists.
        batch.ids()[e] = e % 3 == 0 ? 90_000 + (e - from) : batch.ids()[e];
        batch.logProbs()[e] = random.nextInt(60) == 0 ? odd(random) : batch.logProbs()[e];
      }
      boolean missing = random.nextInt(6) == 0;
      batch.logNormaliser()[i] = missing ? Float.NaN : batch.logNormaliser()[i];
      if (batch.further().length > 0 && missing) {
        batch.further()[0][i] = Float.NaN;
      }
    }
    return batch;
  }

  private static float odd(Random random) {
    return ODD[random.nextInt(ODD.length)];
  }

  /** Rows of which all but the first positions are padding. */
  private TokenBatch tokens(Random random) {
    TokenBatch made = SampleBatches.tokens(random, FIRST_SEQUENCE, rows, length, VOCABULARY);
    for (int i = 0; i < made.slots(); i++) {
      if (i % length >= used) {
        made.tokens()[i] = 0;
        made.segments()[i] = TokenBatch.PADDING;
      } else if (made.segments()[i] == TokenBatch.PADDING) {
        made.segments()[i] = 0;
      }
      if (i % length < used && random.nextInt(4) != 0) {
        made.tokens()[i] = VOCABULARY - 2;
      }
    }
    return new TokenBatch(
        FIRST_SEQUENCE, length, made.tokens(), Arrays.copyOf(made.segments(), made.slots()));
  }
}
