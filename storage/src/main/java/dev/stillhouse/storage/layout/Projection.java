package dev.stillhouse.storage.layout;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.stillhouse.storage.PublicApi;
import java.util.Set;

/**
 * Which part of the statistics a reader is asked for. Tokens, segments and fingerprints always
 * come; a column that is not wanted has NaN, or no entries, or entries without provenance.
 *
 * @param columns the columns that are wanted
 * @param maxEntries the best entries of each position that are wanted
 * @param coarse whether log-probs may be as rough as {@link Layout#coarseBound}, where that saves
 *     bytes; a layout that has no coarse form gives them as they are
 */
@PublicApi
public record Projection(Set<Column> columns, int maxEntries, boolean coarse) {
  /** Everything a shard holds. */
  public static final Projection ALL =
      new Projection(ImmutableSet.copyOf(Column.values()), Integer.MAX_VALUE);

  /** Everything but what entries are there for. */
  public static final Projection WITHOUT_PROVENANCE =
      new Projection(
          Sets.difference(ALL.columns, ImmutableSet.of(Column.PROVENANCE)), Integer.MAX_VALUE);

  /** A part of the statistics. */
  public enum Column {
    /** Ids and log-probs. */
    ENTRIES,
    /** Reasons, counts and proposals of the entries; comes only with {@link #ENTRIES}. */
    PROVENANCE,
    LOG_TAIL,
    ENTROPY,
    LOG_NORMALISER,
    TARGET_LOG_PROB,
    /** Log-normalisers at all other temperatures. */
    NORMALISERS_AT
  }

  public Projection {
    checkArgument(maxEntries >= 0, "Wanted: mostEntries=%s, need >= 0", maxEntries);
    columns = Sets.immutableEnumSet(columns);
  }

  /** The same with log-probs as they are. */
  public Projection(Set<Column> columns, int maxEntries) {
    this(columns, maxEntries, false);
  }

  /** The same with coarse log-probs. */
  public Projection withCoarseLogProbs() {
    return new Projection(columns, maxEntries, true);
  }

  /** Whether any entry is wanted. */
  public boolean entries() {
    return has(Column.ENTRIES) && maxEntries > 0;
  }

  /** Whether one of the values of each entry is wanted. */
  public boolean has(EntryColumn column) {
    return has(Column.ENTRIES) && (!column.provenance() || has(Column.PROVENANCE));
  }

  /** Whether {@code column} is wanted. */
  public boolean has(Column column) {
    return columns.contains(column);
  }
}
