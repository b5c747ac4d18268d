package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobFn;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.SharedTeachers;
import dev.stillhouse.pipeline.job.Slice;
import com.google.common.io.Closer;
import java.util.function.Consumer;

/** Wires {@link SliceExtraction} into Beam: one element is one slice. */
final class ExtractFn extends JobFn<Slice> {
  static final String STAGE = "extracting";
  private static final long serialVersionUID = 1;

  private final ExtractPlan plan;

  ExtractFn(ExtractPlan plan) {
    super(plan.output().job(), STAGE);
    this.plan = plan;
  }

  /** Opens home and teacher; the teacher is one for the whole JVM. */
  @Override
  Consumer<Slice> open(JobContext context, Closer closer) {
    JobOutput output = JobOutput.open(context, plan.output().store());
    closer.register(output::close);
    SharedTeachers.Lease lease =
        context.teachers().lease(plan.teacher(), plan.teacherBlob(), output.reader());
    closer.register(lease::close);
    SliceExtraction extraction =
        new SliceExtraction(
            plan,
            output,
            ForcedIds.load(
                plan.output().identity().statistic(), plan.output().vocabulary(), output.reader()),
            lease.teacher());
    closer.register(extraction::close);
    return extraction::run;
  }
}
