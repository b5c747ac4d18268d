package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * First of the {@link SeparateStages}: the number of a shard task becomes its batches of tokens.
 */
final class StageRead extends DoFn<Integer, KV<Integer, TokenBatch>> {
  private static final long serialVersionUID = 1;

  private final ExtractPlan plan;
  private final List<ShardTask> tasks;
  private transient JobContext context;
  private transient JobOutput output;
  private transient ShardBlobs blobs;

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  StageRead(ExtractPlan plan, List<ShardTask> tasks) {
    this.plan = plan;
    this.tasks = List.copyOf(tasks);
  }

  /** Opens the store. */
  @Setup
  public void setup() {
    context = JobContext.join(plan.output().job());
    output = JobOutput.open(context, plan.output().store());
    blobs = output.blobs();
  }

  /** Reads a shard task's tokens. */
  @ProcessElement
  public void process(@Element Integer number, OutputReceiver<KV<Integer, TokenBatch>> out) {
    ShardTask task = tasks.get(number);
    int rows = task.tokens().sequences();
    for (int from = 0; from < rows; from += plan.batchSequences()) {
      int to = Math.min(rows, from + plan.batchSequences());
      out.output(
          KV.of(
              number,
              blobs.readTokens(task.tokens(), task.firstSequence(), from, to, false).tokens()));
    }
  }

  /** Lets go of the store. */
  @Teardown
  public void teardown() {
    output.close();
    context.leave();
  }
}
