package dev.stillhouse.storage.layout.planes;

/**
 * Where the entries of a row go.
 *
 * @param kept entries that each position has in the shard
 * @param most best entries of each position that are wanted
 * @param offsets of the batch's slots
 * @param slot of the row's first position
 * @param row of the shard
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
record KeptRow(int[] kept, int most, int[] offsets, int slot, int row) {
  /** Entries of all positions. */
  long entries() {
    long entries = 0;
    for (int one : kept) {
      entries += one;
    }
    return entries;
  }

  /** How many entries of a position are wanted. */
  int wanted(int position) {
    return Math.min(kept[position], most);
  }

  /** Where the first of them goes. */
  int start(int position) {
    return offsets[slot + position];
  }
}
