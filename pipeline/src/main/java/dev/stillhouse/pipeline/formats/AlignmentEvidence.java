package dev.stillhouse.pipeline.formats;

import dev.stillhouse.storage.DataException;

/**
 * Counts which token the rows of a source seem to describe. A teacher's entries hold the token that
 * follows far more often than the one before or behind it, so rows that are off by one give
 * themselves away.
 */
public final class AlignmentEvidence {
  /** Positions below which nothing is concluded. */
  private static final long ENOUGH = 200;

  /** How much more often, of all positions, another token must be held than the declared one. */
  private static final double CLEARLY = 0.1;

  private final String format;
  private final Alignment declared;
  private long positions;
  private long own;
  private long next;
  private long second;

  /** Creates a count. */
  public AlignmentEvidence(String format, Alignment declared) {
    this.format = format;
    this.declared = declared;
  }

  /** Adds a sequence. */
  public void add(SourceSequence sequence) {
    int first = declared.first(sequence.tokens(), sequence.rows());
    for (int row = Math.max(0, -first); row < sequence.rows(); row++) {
      int position = first + row;
      if (position + 2 >= sequence.tokens()
          || sequence.segmentAt(position) != sequence.segmentAt(position + 2)
          || sequence.to(row) - sequence.from(row) < 2) {
        continue;
      }
      positions++;
      own += holds(sequence, row, sequence.tokenAt(position));
      next += holds(sequence, row, sequence.tokenAt(position + 1));
      second += holds(sequence, row, sequence.tokenAt(position + 2));
    }
  }

  private static int holds(SourceSequence sequence, int row, int id) {
    for (int e = sequence.from(row); e < sequence.to(row); e++) {
      if (sequence.id(e) == id) {
        return 1;
      }
    }
    return 0;
  }

  /**
   * Checks that the rows do not clearly describe another token than was declared.
   *
   * @throws DataException if they do
   */
  public void check() {
    long best = Math.max(own, second);
    if (positions < ENOUGH || best - next < CLEARLY * positions) {
      return;
    }
    throw DataException.of(
        "format %s, --alignment %s: the entries hold the token that they should describe at %.0f %%"
            + " of %d positions, and the one %s at %.0f %%, so the rows seem to be off by one; give"
            + " the alignment that the source has, or --no-alignment-check if it is right",
        format,
        declared.word(),
        100.0 * next / positions,
        positions,
        own > second ? "before it" : "behind it",
        100.0 * best / positions);
  }
}
