package dev.stillhouse.storage.layout;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.storage.statistics.StatisticsBatch;

/** Watches that a shard gets exactly the sequences its header promises, in order. */
public final class SequenceOrder {
  private final ShardHeader header;
  private int written;

  public SequenceOrder(ShardHeader header) {
    this.header = header;
  }

  /** Checks a batch before its rows are written. */
  public void accept(StatisticsBatch batch) {
    long next = header.firstSequence() + written;
    checkArgument(
        batch.tokens().firstSequence() == next
            && batch.tokens().length() == header.sequenceLength(),
        "batch starts at sequence %s with length %s; the shard wants %s with length %s",
        batch.tokens().firstSequence(),
        batch.tokens().length(),
        next,
        header.sequenceLength());
    written += batch.tokens().sequences();
    checkArgument(
        written <= header.sequences(), "more than the shard's %s sequences", header.sequences());
  }

  /** Checks that the shard is full. */
  public void finish() {
    checkState(
        written == header.sequences(),
        "%s sequences were written, the header says %s",
        written,
        header.sequences());
  }
}
