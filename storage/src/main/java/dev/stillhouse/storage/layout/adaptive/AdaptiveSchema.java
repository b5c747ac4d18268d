package dev.stillhouse.storage.layout.adaptive;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.pages.PageSchema;
import dev.stillhouse.storage.layout.pages.Ranks;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The columns of generation 4: one for each band of ranks, the best first. */
final class AdaptiveSchema {
  /** Key of a footer under which the text of a {@link Prior} stands. */
  static final String PRIOR = "stillhouse.prior";

  private static final int[] FIRST_RANKS = {0, 1, 8, 32};

  private final PageSchema pages;
  private final ImmutableList<Band> bands;

  AdaptiveSchema(ShardHeader header) {
    int[] first = Ranks.first(header.spec(), FIRST_RANKS);
    var names = Arrays.stream(first).mapToObj(rank -> "entries_" + rank).toList();
    this.pages = new PageSchema(AdaptiveLayout.NAME, header, names);
    var built = ImmutableList.<Band>builder();
    for (int i = 0; i < first.length; i++) {
      int end = i + 1 < first.length ? first[i + 1] : Integer.MAX_VALUE;
      built.add(new Band(first[i], end, pages.own() + i));
    }
    this.bands = built.build();
  }

  /** Returns all columns. */
  PageSchema pages() {
    return pages;
  }

  ImmutableList<Band> bands() {
    return bands;
  }

  /** Returns the bands that a projection reads. */
  ImmutableList<Band> bands(Projection projection) {
    return bands.stream()
        .filter(band -> band.first() < projection.maxEntries())
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns their columns. */
  IntStream own(Projection projection) {
    return bands(projection).stream().mapToInt(Band::column);
  }
}
