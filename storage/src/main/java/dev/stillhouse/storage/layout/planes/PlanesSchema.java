package dev.stillhouse.storage.layout.planes;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.pages.PageSchema;
import dev.stillhouse.storage.layout.pages.Ranks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The columns of generation 3, in the order of the file. Columns that are read together stand
 * together, so that the 8 best entries are a prefix of a row.
 */
final class PlanesSchema {
  private static final int[] FIRST_RANKS = {0, 8, 32};
  private static final int LOW_BITS = 16;

  private final PageSchema pages;
  private final ImmutableList<Band> bands;
  private final int topBits;

  PlanesSchema(ShardHeader header) {
    this.topBits = topBits(header.vocabulary());
    int[] first = Ranks.first(header.spec(), FIRST_RANKS);
    List<String> names = new ArrayList<>(List.of("escapes"));
    int[] columns = new int[first.length];
    int[] low = new int[first.length];
    for (int i = 0; i < first.length; i++) {
      columns[i] = names.size();
      String ids = "ids_" + first[i];
      names.addAll(List.of(ids + "_low", ids + "_high"));
      names.addAll(topBits > 0 ? List.of(ids + "_top") : List.of());
      names.add("log_probs_" + first[i] + "_high");
      if (i == 0) {
        low[i] = names.size();
        names.add("log_probs_0_low");
      }
    }
    for (int i = 1; i < first.length; i++) {
      low[i] = names.size();
      names.add("log_probs_" + first[i] + "_low");
    }
    this.pages = new PageSchema(PlanesLayout.NAME, header, names);
    this.bands = bands(first, columns, low);
  }

  /** Returns the bands. Their columns count from the first own column of the schema. */
  private ImmutableList<Band> bands(int[] first, int[] columns, int[] low) {
    var built = ImmutableList.<Band>builder();
    for (int i = 0; i < first.length; i++) {
      int end = i + 1 < first.length ? first[i + 1] : Integer.MAX_VALUE;
      int ids = pages.own() + columns[i];
      int top = topBits > 0 ? ids + 2 : -1;
      int high = ids + (topBits > 0 ? 3 : 2);
      built.add(new Band(first[i], end, ids, ids + 1, top, high, pages.own() + low[i]));
    }
    return built.build();
  }

  /**
   * Returns the bits of an id above its two low bytes, rounded up so that a byte holds a whole
   * number of ids.
   */
  private static int topBits(int vocabulary) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, vocabulary) - 1) - LOW_BITS;
    return bits <= 0 ? 0 : bits <= 2 ? bits : bits <= 4 ? 4 : 8;
  }

  /** Returns all columns. */
  PageSchema pages() {
    return pages;
  }

  /** Returns the indexes of the own columns that a projection reads. */
  IntStream own(Projection projection) {
    IntStream.Builder columns = IntStream.builder().add(escapes());
    for (Band band : bands) {
      if (band.first() < projection.maxEntries()) {
        columns.add(band.idLow()).add(band.idHigh()).add(band.idTop()).add(band.logProbHigh());
        columns.add(projection.coarse() ? -1 : band.logProbLow());
      }
    }
    return columns.build();
  }

  /** Returns the column of the log-probs that have no code. */
  int escapes() {
    return pages.own();
  }

  ImmutableList<Band> bands() {
    return bands;
  }

  /** Returns the bits of each id that lie in {@link Band#idTop}: 0, 1, 2, 4 or 8. */
  int topBits() {
    return topBits;
  }
}
