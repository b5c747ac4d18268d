package dev.stillhouse.pipeline.formats;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.Optional;

/**
 * The shape of an imported dataset.
 *
 * @param vocabulary token ids are below this
 * @param sequenceLength positions of a row (T)
 * @param topK the best entries of a row that are kept; 0 if only targets are
 * @param target whether the target is kept where it is not among them
 * @param normaliseKept whether logits without a normaliser are normalised over the kept entries
 */
public record ImportShape(
    int vocabulary, int sequenceLength, int topK, boolean target, boolean normaliseKept) {
  /** Returns the statistic. */
  public StatisticSpec spec() {
    return new StatisticSpec(
        topK,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        target || topK == 0,
        ImmutableList.of());
  }
}
