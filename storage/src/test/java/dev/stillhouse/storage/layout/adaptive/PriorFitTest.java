package dev.stillhouse.storage.layout.adaptive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PriorFitTest {
  private static final int MAX = 500;

  /** Law 4: an extraction and a migration cut batches otherwise. */
  @Test
  void isTheSameHoweverBatchesAreCut() {
    StatisticsBatch first = batch(0, 1);
    StatisticsBatch both = batch(0, 9);
    String whole = fit(List.of(both), MAX);
    assertEquals(whole, fit(List.of(both, first), MAX), "what comes later does not count");
    assertNotEquals(whole, fit(List.of(both), Integer.MAX_VALUE), "it does count without a limit");
  }

  private static StatisticsBatch batch(int sequence, int rows) {
    Random random = new Random(5);
    return SampleBatches.statistics(
        random, SampleBatches.tokens(random, sequence, rows, 20, 30), 8, 30);
  }

  private static String fit(List<StatisticsBatch> batches, int max) {
    return PriorBytes.write(new PriorFit(30, batches, max).fit());
  }
}
