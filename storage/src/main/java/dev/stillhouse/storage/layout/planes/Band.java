package dev.stillhouse.storage.layout.planes;

/**
 * Entries of some ranks, which have planes of their own, so that the best can be read alone.
 *
 * @param first rank of its first entry, 0 is the best
 * @param end first rank behind it
 * @param idLow column of bits 0 to 7 of ids
 * @param idHigh column of bits 8 to 15
 * @param idTop column of the bits above, or -1 where no id has any
 * @param logProbHigh column of the high bytes of {@link LogProbCode}
 * @param logProbLow column of the low bytes
 */
record Band(int first, int end, int idLow, int idHigh, int idTop, int logProbHigh, int logProbLow) {
  /** Returns how many of a position's {@code kept} entries lie in the band. */
  int of(int kept) {
    return Math.max(0, Math.min(kept, end) - first);
  }

  /** Returns how many entries of all positions of a row lie in the band. */
  long of(int[] kept) {
    long entries = 0;
    for (int one : kept) {
      entries += of(one);
    }
    return entries;
  }
}
