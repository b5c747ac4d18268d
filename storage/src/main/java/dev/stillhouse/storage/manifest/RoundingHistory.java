package dev.stillhouse.storage.manifest;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.collect.Lists;
import dev.stillhouse.storage.layout.ErrorBound;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.Layouts;
import java.util.List;
import java.util.stream.Stream;

/**
 * The layouts that have rounded a dataset's log-probs since the extractor: those it was migrated
 * from, then its own. The former are part of its identity, behind the arithmetic's name: {@code
 * lanes16-1+columns} in layout {@code rows} are exact copies of what {@code columns} had rounded,
 * which differs from an extraction into {@code rows}.
 *
 * <p>The rule: a migration adds the layout that it leaves, unless that is exact. Then the last
 * layout is dropped if it rounds as the new one does, which would have rounded the extractor's
 * values alike. So rows -> columns, and columns -> rows -> columns, have the identity of an
 * extraction into {@code columns}, and its bytes. A dataset that lost digits which the new layout
 * would have kept says so for good.
 *
 * @param kernel name of the extractor's arithmetic
 * @param before layouts that it was migrated from and that left a trace, in order
 * @param layout its own
 */
public record RoundingHistory(String kernel, List<Layout> before, Layout layout)
    implements ErrorBound {
  private static final char JOINT = '+';

  public RoundingHistory {
    before = ImmutableList.copyOf(before);
  }

  /** Returns the history of a dataset. */
  public static RoundingHistory of(Identity identity) {
    List<String> words = Splitter.on(JOINT).splitToList(identity.arithmetic());
    return new RoundingHistory(
        words.get(0),
        words.subList(1, words.size()).stream().map(Layouts::named).toList(),
        Layouts.named(identity.layout()));
  }

  /** Returns the history of the dataset in another layout. */
  public RoundingHistory in(Layout target) {
    var trace = ImmutableList.<Layout>builder().addAll(before);
    if (!layout.rounding().equals(Layout.EXACT)) {
      trace.add(layout);
    }
    ImmutableList<Layout> all = trace.build();
    Layout last = Iterables.getLast(all, null);
    boolean repeated = last != null && last.rounding().equals(target.rounding());
    return new RoundingHistory(kernel, repeated ? all.subList(0, all.size() - 1) : all, target);
  }

  /** Returns the names of the layouts that have rounded, in order; none if all is exact. */
  public List<String> layouts() {
    return Stream.concat(before.stream(), Stream.of(layout))
        .filter(left -> !left.rounding().equals(Layout.EXACT))
        .map(Layout::name)
        .toList();
  }

  /** Returns the arithmetic of an identity. */
  public String arithmetic() {
    StringBuilder text = new StringBuilder(kernel);
    before.forEach(left -> text.append(JOINT).append(left.name()));
    return text.toString();
  }

  /**
   * Returns the max distance of a log-prob from the extractor's: the bounds added from the last
   * rounding back to the first.
   */
  @Override
  public float bound(float logProb) {
    float error = layout.bound(logProb);
    for (Layout left : Lists.reverse(before)) {
      // A log-prob is at most 0: the one before may have been as much less, where bounds are wider.
      error += left.bound(logProb - error);
    }
    return error;
  }
}
