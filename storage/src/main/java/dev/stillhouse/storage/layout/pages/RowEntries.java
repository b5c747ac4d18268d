package dev.stillhouse.storage.layout.pages;

/**
 * Where the entries of a row go.
 *
 * @param kept entries that each position has in the shard
 * @param max number of best entries of a position to read
 * @param offsets of the batch's slots
 * @param slot of the row's first position
 * @param row of the shard
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record RowEntries(int[] kept, int max, int[] offsets, int slot, int row) {
  /** Returns the number of entries of all positions. */
  public long entries() {
    long entries = 0;
    for (int one : kept) {
      entries += one;
    }
    return entries;
  }

  /** Returns how many entries of a position are read. */
  public int selected(int position) {
    return Math.min(kept[position], max);
  }

  /** Returns where the first entry of a position goes. */
  public int start(int position) {
    return offsets[slot + position];
  }
}
