package dev.stillhouse.storage.parquet;

/**
 * Where lists of lists are read to: {@code length} inner lists in each row, the first entries of
 * each.
 *
 * @param length inner lists of a row
 * @param offsets end of each inner list's entries, at {@code row * length + i + 1}
 * @param most how many entries of each are taken
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record NestedRows(int length, int[] offsets, int most) {}
