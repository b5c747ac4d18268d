package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.SharedTeachers;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.function.Function;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Second of the {@link SeparateStages}: a batch of tokens becomes one of statistics. */
final class StageAsk extends DoFn<KV<Integer, TokenBatch>, KV<Integer, StatisticsBatch>> {
  private static final long serialVersionUID = 1;

  private final ExtractPlan plan;
  private transient JobContext context;
  private transient SharedTeachers.Lease lease;
  private transient Function<TokenBatch, StatisticsBatch> ask;

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  StageAsk(ExtractPlan plan) {
    this.plan = plan;
  }

  /** Opens the teacher. */
  @Setup
  public void setup() {
    context = JobContext.join(plan.output().job());
    try (JobOutput output = JobOutput.open(context, plan.output().store())) {
      lease = context.teachers().lease(plan.teacher(), plan.teacherBlob(), output.reader());
      Selection selection =
          ForcedIds.load(
              plan.output().identity().statistic(), plan.output().vocabulary(), output.reader());
      ask = ShardExtraction.ask(selection, lease.teacher());
    }
  }

  /** Asks about a batch. */
  @ProcessElement
  public void process(
      @Element KV<Integer, TokenBatch> batch, OutputReceiver<KV<Integer, StatisticsBatch>> out) {
    context.meter(ExtractFn.STAGE).checkStop();
    StatisticsBatch statistics = ask.apply(batch.getValue());
    context.meter(ExtractFn.STAGE).add(batch.getValue().positions());
    out.output(KV.of(batch.getKey(), statistics));
  }

  /** Lets go of the teacher. */
  @Teardown
  public void teardown() {
    lease.close();
    context.leave();
  }
}
