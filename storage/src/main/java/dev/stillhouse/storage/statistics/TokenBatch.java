package dev.stillhouse.storage.statistics;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.PublicApi;

/**
 * Consecutive packed sequences, row-major {@code [sequences][length]}. Arrays are shared, not
 * copied: do not write to them after handing a batch on.
 *
 * @param firstSequence number of the first row (of the whole dataset, or of its packing unit)
 * @param length positions in each sequence (T)
 * @param tokens token ids, 0 in padding
 * @param segments number of the segment within its sequence, from 0; -1 is padding
 */
@SuppressWarnings("ArrayRecordComponent") // Batches are carriers: never compared, never keys.
@PublicApi
public record TokenBatch(long firstSequence, int length, int[] tokens, int[] segments) {
  /** Slots that are read, extracted and written at once; a sequence is never cut. */
  private static final int SLOTS_AT_ONCE = 2048;

  /** Segment number of padding. */
  public static final int PADDING = -1;

  /** The target of a position that has none. */
  public static final int NO_TARGET = -1;

  public TokenBatch {
    checkArgument(length >= 1, "TokenBatch: length=%s, need >= 1", length);
    checkArgument(
        tokens.length == segments.length && tokens.length % length == 0,
        "TokenBatch: %s tokens and %s segments, need equal multiples of length %s",
        tokens.length,
        segments.length,
        length);
  }

  /**
   * Returns the number of sequences of a batch of an extraction: cut by their length and never by
   * timing (law 4).
   *
   * @param length positions in each sequence (T)
   */
  public static int sequencesAtOnce(int length) {
    return Math.max(1, SLOTS_AT_ONCE / length);
  }

  /**
   * Returns a batch whose arrays are to be filled. Until then all slots are token 0 of segment 0.
   *
   * @param firstSequence number of the first row
   * @param sequences rows
   * @param length positions in each sequence (T)
   */
  public static TokenBatch room(long firstSequence, int sequences, int length) {
    int slots = Math.multiplyExact(sequences, length);
    return new TokenBatch(firstSequence, length, new int[slots], new int[slots]);
  }

  /** Returns the number of sequences. */
  public int sequences() {
    return tokens.length / length;
  }

  /** Returns the number of slots, padding included. */
  public int slots() {
    return tokens.length;
  }

  /** Returns the number of slots that are not padding. */
  public int positions() {
    int positions = 0;
    for (int segment : segments) {
      positions += segment == PADDING ? 0 : 1;
    }
    return positions;
  }

  /** Returns whether slot {@code i} (row-major) is padding. */
  public boolean padding(int i) {
    return segments[i] == PADDING;
  }

  /**
   * Returns the token that slot {@code i} predicts: the next of its segment, or {@link #NO_TARGET}.
   */
  public int target(int i) {
    boolean last = i % length == length - 1;
    return last || padding(i) || segments[i] != segments[i + 1] ? NO_TARGET : tokens[i + 1];
  }

  /**
   * Returns the end (exclusive, row-major) of the segment or padding that slot {@code i} lies in.
   */
  public int segmentEnd(int i) {
    int rowEnd = i - i % length + length;
    int end = i + 1;
    while (end < rowEnd && segments[end] == segments[i]) {
      end++;
    }
    return end;
  }

  /** Returns the fingerprint of one row; see {@link RowFingerprint}. */
  public byte[] fingerprint(int row) {
    return RowFingerprint.of(tokens, segments, row * length, length);
  }
}
