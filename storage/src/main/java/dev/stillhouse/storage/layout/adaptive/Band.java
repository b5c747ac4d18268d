package dev.stillhouse.storage.layout.adaptive;

/**
 * Entries of some ranks, which lie together in a column of their own. A reader of the best entries
 * reads no more than these, and log-probs of similar ranks have similar gaps.
 *
 * @param first rank, from 0
 * @param end rank behind the last
 * @param column of the shard
 */
record Band(int first, int end, int column) {
  /** Max entries of one sequence in one band. */
  static final int MAX_ENTRIES = 1 << 24;

  /** Max entries that a byte of a value stands for: zstd makes at most as many bytes of one. */
  static final int MAX_PER_BYTE = 1 << 15;

  /** Returns how many entries of a position with {@code kept} entries are in this band. */
  int of(int kept) {
    return Math.max(0, Math.min(kept, end) - first);
  }

  /** Returns how many entries of a sequence are in this band. */
  long of(int[] kept) {
    long all = 0;
    for (int one : kept) {
      all += of(one);
    }
    return all;
  }
}
