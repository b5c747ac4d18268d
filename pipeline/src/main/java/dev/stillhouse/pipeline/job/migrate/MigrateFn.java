package dev.stillhouse.pipeline.job.migrate;

import com.google.common.io.Closer;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobFn;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import java.util.function.Consumer;

/** Wires {@link ShardMigration} into Beam: one element is one shard. */
final class MigrateFn extends JobFn<ShardTask> {
  static final String STAGE = "migrating";
  private static final long serialVersionUID = 1;

  private final MigratePlan plan;

  MigrateFn(MigratePlan plan) {
    super(plan.output().job(), STAGE);
    this.plan = plan;
  }

  /** Opens the source with all its replicas, and the new dataset's home. */
  @Override
  public Consumer<ShardTask> open(JobContext context, Closer closer) {
    Dataset source =
        Dataset.open(
            plan.dataset(), ReadOptions.DEFAULT.version(plan.version()).bookedIn(context.ledger()));
    closer.register(source::close);
    JobOutput output = JobOutput.open(context, plan.output().store());
    closer.register(output::close);
    return new ShardMigration(plan, source, output)::run;
  }
}
