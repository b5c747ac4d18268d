package dev.stillhouse.storage.layout;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Set;

/**
 * Which part of the statistics a reader is asked for. Tokens, segments and fingerprints always
 * come; a column that is not wanted has NaN, or no entries.
 *
 * @param columns the columns that are wanted
 * @param mostEntries the best entries of each position that are wanted
 */
public record Wanted(Set<Column> columns, int mostEntries) {
  /** Everything a shard holds. */
  public static final Wanted ALL =
      new Wanted(ImmutableSet.copyOf(Column.values()), Integer.MAX_VALUE);

  /** A part of the statistics. */
  public enum Column {
    ENTRIES("entries"),
    LOG_TAIL("log_tail"),
    ENTROPY("entropy"),
    LOG_NORMALISER("log_normaliser"),
    TARGET_LOG_PROB("target_log_prob");

    private final String column;

    Column(String column) {
      this.column = column;
    }

    /** Name of the column in a shard. */
    public String column() {
      return column;
    }
  }

  public Wanted {
    checkArgument(mostEntries >= 0, "Wanted: mostEntries=%s, need >= 0", mostEntries);
    columns = Sets.immutableEnumSet(columns);
  }

  /** Whether {@code column} is wanted. */
  public boolean has(Column column) {
    return columns.contains(column);
  }
}
