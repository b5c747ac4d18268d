package dev.stillhouse.pipeline.job.imports;

import dev.stillhouse.pipeline.formats.SequenceAssembler;
import dev.stillhouse.pipeline.formats.SequenceSink;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.OutputPlan;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts the sequences of a source into shards. */
final class ImportedShards implements SequenceSink, AutoCloseable {
  private final OutputPlan plan;
  private final JobOutput output;
  private final SequenceAssembler assembler;
  private final int shardSequences;
  private final List<ShardRecord> records = new ArrayList<>();
  private @Nullable ShardSpool open;
  private long sequences;

  ImportedShards(
      OutputPlan plan, JobOutput output, SequenceAssembler assembler, int shardSequences) {
    this.plan = plan;
    this.output = output;
    this.assembler = assembler;
    this.shardSequences = shardSequences;
  }

  @Override
  public void accept(SourceSequence sequence) {
    StatisticsBatch row = assembler.assemble(sequence, sequences);
    ShardSpool shard = open == null ? new ShardSpool(plan, output, sequences) : open;
    open = shard;
    SegmentSource source = new SegmentSource(sequence.file(), sequence.document());
    shard.add(row, Collections.nCopies(segments(row.tokens()), source));
    sequences++;
    if (shard.sequences() == shardSequences) {
      put(shard);
    }
  }

  private static int segments(TokenBatch tokens) {
    int most = 0;
    for (int segment : tokens.segments()) {
      most = Math.max(most, segment + 1);
    }
    return most;
  }

  private void put(ShardSpool shard) {
    records.add(shard.put());
    shard.close();
    open = null;
  }

  /** Puts the last shard; returns all. */
  List<ShardRecord> finish() {
    if (open != null) {
      put(open);
    }
    return records;
  }

  /** Removes an unfinished shard. */
  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
