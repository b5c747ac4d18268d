package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Random;

/**
 * Shards of a few sequences of a few positions, for tests that read one a thousand times.
 *
 * @param batch what was written
 */
record SmallShards(Layout layout, StatisticsBatch batch, SealedShard good) {
  static final String TOP = "top-k:4";
  static final String UNION =
      "top-k:3+sample:5,temperature=2.0,seed=1+forced:ids+target+normaliser-at:2.0";

  private static final int VOCABULARY = 70_000;
  private static final int ROWS = 3;
  private static final int LENGTH = 8;

  /** One of at most four entries. */
  static SmallShards top(Layout layout) {
    return of(layout, TOP, 4);
  }

  /** One with all that there may be. */
  static SmallShards union(Layout layout) {
    return of(layout, UNION, 10);
  }

  private static SmallShards of(Layout layout, String statistic, int k) {
    Random random = new Random(11);
    TokenBatch tokens = SampleBatches.tokens(random, 5, ROWS, LENGTH, VOCABULARY);
    StatisticsBatch batch =
        SampleBatches.statistics(random, tokens, k, VOCABULARY, StatisticSpec.parse(statistic));
    ShardHeader header = SealedShard.header(layout, statistic, VOCABULARY, batch);
    return new SmallShards(layout, batch, SealedShard.write(layout, header, batch));
  }
}
