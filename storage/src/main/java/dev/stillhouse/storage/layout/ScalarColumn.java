package dev.stillhouse.storage.layout;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.Projection.Column;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.function.Function;

/**
 * One float of each position, or null.
 *
 * @param name of the column in a shard
 * @param column that a projection must have for it to be read
 * @param values of a batch
 */
public record ScalarColumn(String name, Column column, Function<StatisticsBatch, float[]> values) {
  /** The columns that every statistic has, in the order of a shard. */
  private static final ImmutableList<ScalarColumn> ALWAYS =
      ImmutableList.of(
          new ScalarColumn("log_tail", Column.LOG_TAIL, StatisticsBatch::logTail),
          new ScalarColumn("entropy", Column.ENTROPY, StatisticsBatch::entropy),
          new ScalarColumn("log_normaliser", Column.LOG_NORMALISER, StatisticsBatch::logNormaliser),
          new ScalarColumn(
              "target_log_prob", Column.TARGET_LOG_PROB, StatisticsBatch::targetLogProb));

  /** Returns the scalar columns of a statistic. */
  public static ImmutableList<ScalarColumn> of(StatisticSpec spec) {
    var columns = ImmutableList.<ScalarColumn>builder().addAll(ALWAYS);
    for (int i = 0; i < spec.furtherScalars().size(); i++) {
      int index = i;
      columns.add(
          new ScalarColumn(
              spec.furtherScalars().get(i),
              Column.NORMALISERS_AT,
              batch -> batch.further()[index]));
    }
    return columns.build();
  }
}
