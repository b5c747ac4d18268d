package dev.stillhouse.storage.layout;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.stillhouse.storage.PublicApi;
import java.util.Set;

/**
 * Which part of the statistics a reader reads. Tokens, segments and fingerprints always come. A
 * column that is left out reads as NaN, as no entries, or as entries without provenance.
 *
 * @param columns to read
 * @param maxEntries number of best entries of each position to read, 0 or more
 * @param coarse whether log-probs may be as rough as {@link Layout#coarseBound} where that saves
 *     bytes; a layout without a coarse form ignores it
 */
@PublicApi
public record Projection(Set<Column> columns, int maxEntries, boolean coarse) {
  /** Everything a shard holds. */
  public static final Projection ALL =
      new Projection(ImmutableSet.copyOf(Column.values()), Integer.MAX_VALUE);

  /** Everything but the reasons, counts and proposals of entries. */
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

  /** Creates a projection with exact log-probs. */
  public Projection(Set<Column> columns, int maxEntries) {
    this(columns, maxEntries, false);
  }

  /** Returns the same projection with coarse log-probs. */
  public Projection withCoarseLogProbs() {
    return new Projection(columns, maxEntries, true);
  }

  /** Returns whether any entry is read. */
  public boolean entries() {
    return has(Column.ENTRIES) && maxEntries > 0;
  }

  /** Returns whether {@code column} is read. */
  public boolean has(Column column) {
    return columns.contains(column);
  }
}
