package dev.stillhouse.storage.layout;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;

/**
 * Checks that a shard gets exactly what its header promises: its sequences, in order, and the
 * columns of its statistic.
 */
public final class ShardWriteCheck {
  private final ShardHeader header;
  private final StatisticSpec spec;
  private int written;

  public ShardWriteCheck(ShardHeader header) {
    this.header = header;
    this.spec = header.spec();
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
    columns(batch);
    written += batch.tokens().sequences();
    checkArgument(
        written <= header.sequences(), "more than the shard's %s sequences", header.sequences());
  }

  private void columns(StatisticsBatch batch) {
    Provenance provenance = batch.provenance();
    column("reasons", spec.hasReasons(), provenance.reasons().length, batch);
    column("counts", spec.hasCounts(), provenance.counts().length, batch);
    column("log-proposals", spec.hasProposals(), provenance.logProposals().length, batch);
    checkArgument(
        batch.further().length == spec.furtherScalars().size(),
        "batch has %s further scalars; the statistic %s has %s",
        batch.further().length,
        spec,
        spec.furtherScalars().size());
  }

  /**
   * Checks a column. A batch without entries is not checked: it cannot tell an empty column from
   * none.
   */
  private void column(String name, boolean promised, int length, StatisticsBatch batch) {
    checkArgument(
        promised ? length >= batch.entries() : length == 0,
        "batch has %s %s for %s entries; the statistic %s %s them",
        length,
        name,
        batch.entries(),
        spec,
        promised ? "promises" : "does not have");
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
