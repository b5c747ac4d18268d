package dev.stillhouse.pipeline.formats;

/** Looks through a source once: how long its sequences are, and how many entries its rows have. */
public final class SequenceLook implements SequenceSink {
  private final AlignmentEvidence evidence;
  private long sequences;
  private long positions;
  private long entries;
  private int longest;
  private int widest;
  private int largestId;

  public SequenceLook(AlignmentEvidence evidence) {
    this.evidence = evidence;
  }

  @Override
  public void accept(SourceSequence sequence) {
    sequences++;
    positions += sequence.tokens();
    longest = Math.max(longest, sequence.tokens());
    for (int position = 0; position < sequence.tokens(); position++) {
      largestId = Math.max(largestId, sequence.tokenAt(position));
    }
    for (int row = 0; row < sequence.rows(); row++) {
      int count = sequence.to(row) - sequence.from(row);
      widest = Math.max(widest, count);
      entries += count;
    }
    evidence.add(sequence);
  }

  /** Returns the number of sequences. */
  public long sequences() {
    return sequences;
  }

  /** Returns the number of tokens. */
  public long positions() {
    return positions;
  }

  /** Returns the number of entries. */
  public long entries() {
    return entries;
  }

  /** Returns the tokens of the longest sequence. */
  public int longest() {
    return longest;
  }

  /** Returns the entries of the widest row. */
  public int widest() {
    return widest;
  }

  /** Returns the largest token id. */
  public int largestId() {
    return largestId;
  }
}
