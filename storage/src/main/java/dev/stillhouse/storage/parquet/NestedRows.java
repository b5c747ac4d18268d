package dev.stillhouse.storage.parquet;

/**
 * Where lists of lists are read to: {@code length} inner lists in each row, the first entries of
 * each.
 *
 * @param length inner lists of a row
 * @param offsets end of each inner list's entries, at {@code row * length + i + 1}
 * @param max number of entries of each that are taken
 * @param vocabulary max entries of each
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record NestedRows(int length, int[] offsets, int max, int vocabulary) {
  /** Max entries of all inner lists of a row. */
  static final int MAX_ENTRIES = 1 << 24;

  /** Returns the max entries that are taken of a row. */
  public long maxEntries() {
    return Math.min(MAX_ENTRIES, (long) length * Math.min(max, vocabulary));
  }
}
