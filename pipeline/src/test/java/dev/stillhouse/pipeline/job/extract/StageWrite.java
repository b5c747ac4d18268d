package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.job.ExtractedShard;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Last of the {@link SeparateStages}: a shard task's batches, in any order, become its shard. */
final class StageWrite extends DoFn<KV<Integer, Iterable<StatisticsBatch>>, Void> {
  private static final long serialVersionUID = 1;

  private final ExtractPlan plan;
  private final List<ShardTask> tasks;
  private transient JobContext context;
  private transient JobOutput output;
  private transient Receipts<ShardRecord> receipts;

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  StageWrite(ExtractPlan plan, List<ShardTask> tasks) {
    this.plan = plan;
    this.tasks = List.copyOf(tasks);
  }

  /** Opens the store. */
  @Setup
  public void setup() {
    context = JobContext.join(plan.output().job());
    output = JobOutput.open(context, plan.output().store());
    receipts = output.receipts(plan.output().identity().hash(), ShardRecord.class);
  }

  /** Writes a shard task. */
  @ProcessElement
  public void process(@Element KV<Integer, Iterable<StatisticsBatch>> batches) {
    ShardTask task = tasks.get(batches.getKey());
    List<StatisticsBatch> sorted = new ArrayList<>();
    batches.getValue().forEach(sorted::add);
    sorted.sort(Comparator.comparingLong(batch -> batch.tokens().firstSequence()));
    try (Meter.Work work = context.meter(ExtractFn.STAGE).begin();
        ExtractedShard shard = new ExtractedShard(plan.output(), output.home(), task)) {
      sorted.forEach(shard::write);
      receipts.put(task.receipt(), shard.put());
    }
  }

  /** Lets go of the store. */
  @Teardown
  public void teardown() {
    output.close();
    context.leave();
  }
}
