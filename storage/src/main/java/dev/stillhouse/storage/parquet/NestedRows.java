package dev.stillhouse.storage.parquet;

/**
 * Where lists of lists are read to: {@code length} inner lists in each row, the first entries of
 * each.
 *
 * @param length inner lists of a row
 * @param offsets end of each inner list's entries, at {@code row * length + i + 1}
 * @param most how many entries of each are taken
 * @param vocabulary how many entries there may be in each
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record NestedRows(int length, int[] offsets, int most, int vocabulary) {
  /** Most entries of all inner lists of a row. */
  static final int MOST_ENTRIES = 1 << 24;

  /** Most entries that are taken of a row. */
  public long mostEntries() {
    return Math.min(MOST_ENTRIES, (long) length * Math.min(most, vocabulary));
  }
}
