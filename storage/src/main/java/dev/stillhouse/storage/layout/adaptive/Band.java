package dev.stillhouse.storage.layout.adaptive;

/**
 * Entries of some ranks, which lie together in a column of their own: whoever wants the best alone
 * reads no more, and log-probs of like ranks have like gaps.
 *
 * @param first rank, from 0
 * @param end rank behind the last
 * @param column of the shard
 */
record Band(int first, int end, int column) {
  /** Most entries of one sequence in one band. */
  static final int MAX_ENTRIES = 1 << 24;

  /** No byte of a value stands for more: zstd makes at most as many of one. */
  static final int MAX_PER_BYTE = 1 << 15;

  /** How many entries of a position that has {@code kept} are in this band. */
  int of(int kept) {
    return Math.max(0, Math.min(kept, end) - first);
  }

  /** How many entries of a sequence are in this band. */
  long of(int[] kept) {
    long all = 0;
    for (int one : kept) {
      all += of(one);
    }
    return all;
  }
}
