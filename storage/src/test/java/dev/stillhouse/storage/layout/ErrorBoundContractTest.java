package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.stillhouse.storage.layout.Projection.Column;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * What a layout says of its error holds, for rows that teachers give and for those that none
 * should. Everything but log-probs comes back to the bit, and entries in their order.
 */
public abstract class ErrorBoundContractTest {
  private static final int VOCABULARY = 70_000; // ids above 16 bits too
  private static final int LENGTH = 12;
  private static final int ROWS = 3;
  private static final StatisticSpec UNION =
      StatisticSpec.parse("top-k:20+sample:20,temperature=2.0+target+normaliser-at:2.0");

  /** The layout, with each of the settings that it is to be tried with. */
  protected abstract List<Layout> layouts();

  @Property(tries = 60)
  void keepsItsBoundExactlyAndCoarsely(
      @ForAll long seed, @ForAll boolean union, @ForAll @IntRange(max = 41) int best) {
    StatisticSpec spec = union ? UNION : StatisticSpec.ofTopK(40);
    StatisticsBatch written = batch(new Random(seed), spec);
    for (Layout layout : layouts()) {
      SealedShard shard =
          SealedShard.write(
              layout, SealedShard.header(layout, spec.toString(), VOCABULARY, written), written);
      Projection some = new Projection(EnumSet.allOf(Column.class), best);
      StatisticsBatch exact = shard.read(1, ROWS, some);
      StatisticsBatch coarse = shard.read(1, ROWS, some.withCoarseLogProbs());
      new SameBatch(layout).check(written, 1, exact, best);
      new SameBatch(layout::coarseBound).check(written, 1, coarse, best);
      // A reader of another part sees the same log-probs.
      StatisticsBatch all = shard.read(0, ROWS, Projection.ALL);
      new SameBatch(layout).check(written, 0, all);
      for (int i = 0; i < exact.tokens().slots(); i++) {
        int from = all.offsets()[LENGTH + i];
        int count = exact.offsets()[i + 1] - exact.offsets()[i];
        assertArrayEquals(
            Arrays.copyOfRange(all.logProbs(), from, from + count),
            Arrays.copyOfRange(exact.logProbs(), exact.offsets()[i], exact.offsets()[i + 1]));
      }
    }
  }

  private static StatisticsBatch batch(Random random, StatisticSpec spec) {
    TokenBatch tokens = SampleBatches.tokens(random, 3, ROWS, LENGTH, VOCABULARY);
    StatisticsBatch batch = SampleBatches.statistics(random, tokens, 40, VOCABULARY, spec);
    for (int i = 0; i < tokens.slots(); i++) {
      int from = batch.offsets()[i];
      float[] row = LogProbRows.any(random, batch.offsets()[i + 1] - from, spec.hasReasons());
      System.arraycopy(row, 0, batch.logProbs(), from, row.length);
    }
    for (int i = 0; i < batch.entries(); i += 1 + random.nextInt(40)) {
      batch.ids()[i] = random.nextBoolean() ? VOCABULARY - 1 : 1 << 16;
    }
    return batch;
  }
}
