package dev.stillhouse.pipeline.teacher;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticSpec.Sample;

/**
 * What is kept of each row: a statistic, with the ids of its {@code forced}.
 *
 * @param vocabulary number of ids that take part (V)
 * @param forced ids that are always kept, ascending; empty without {@code forced}
 */
@PublicApi
public record Selection(int vocabulary, StatisticSpec spec, ImmutableIntArray forced) {
  public Selection {
    checkArgument(
        vocabulary >= 1 && spec.maxTop() <= vocabulary,
        "Selection: %s of %s ids",
        spec,
        vocabulary);
    checkArgument(
        forced.isEmpty() != spec.forced().isPresent()
            && forced.stream().allMatch(id -> id >= 0 && id < vocabulary),
        "Selection: %s forced ids do not fit %s of %s ids",
        forced.length(),
        spec,
        vocabulary);
  }

  /** Returns a selection of the k best of {@code vocabulary} ids. */
  public static Selection topK(int vocabulary, int k) {
    return new Selection(vocabulary, StatisticSpec.ofTopK(k), ImmutableIntArray.of());
  }

  /** Returns the max number of entries of a row. */
  public int maxEntries() {
    long max =
        (long) spec.maxTop()
            + spec.sample().map(Sample::draws).orElse(0)
            + forced.length()
            + (spec.target() ? 1 : 0);
    return (int) Math.min(vocabulary, max);
  }

  /** Returns whether exactly the k best entries are kept, so that no other needs a search. */
  public boolean isTopK() {
    return spec.maxTop() == spec.topK() && spec.topK() > 0 && !spec.hasReasons();
  }
}
