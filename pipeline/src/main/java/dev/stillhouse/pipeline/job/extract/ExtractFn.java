package dev.stillhouse.pipeline.job.extract;

import com.google.common.io.Closer;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobFn;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.pipeline.job.SharedTeachers;
import java.util.function.Consumer;

/** Wires {@link ShardExtraction} into Beam: one element is one shard task. */
final class ExtractFn extends JobFn<ShardTask> {
  static final String STAGE = "extracting";
  private static final long serialVersionUID = 1;

  private final ExtractPlan plan;

  ExtractFn(ExtractPlan plan) {
    super(plan.output().job(), STAGE);
    this.plan = plan;
  }

  /** Opens home and teacher. There is one teacher for the whole JVM. */
  @Override
  public Consumer<ShardTask> open(JobContext context, Closer closer) {
    JobOutput output = JobOutput.open(context, plan.output().store());
    closer.register(output::close);
    SharedTeachers.Lease lease =
        context.teachers().lease(plan.teacher(), plan.teacherBlob(), output.reader());
    closer.register(lease::close);
    ShardExtraction extraction =
        new ShardExtraction(
            plan,
            output,
            ForcedIds.load(
                plan.output().identity().statistic(), plan.output().vocabulary(), output.reader()),
            lease.teacher());
    closer.register(extraction::close);
    return extraction::run;
  }
}
