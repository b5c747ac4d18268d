package dev.stillhouse.pipeline.job.pack;

import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobFn;
import dev.stillhouse.pipeline.job.JobOutput;
import com.google.common.io.Closer;
import dev.stillhouse.pipeline.corpus.Unit;
import java.util.function.Consumer;

/** Wires {@link UnitPacking} into Beam: one element is one unit. */
final class PackFn extends JobFn<Unit> {
  static final String STAGE = "packing";
  private static final long serialVersionUID = 1;

  private final PackPlan plan;

  PackFn(PackPlan plan) {
    super(plan.job(), STAGE);
    this.plan = plan;
  }

  /** Opens home. */
  @Override
  Consumer<Unit> open(JobContext context, Closer closer) {
    JobOutput output = JobOutput.open(context, plan.store());
    closer.register(output::close);
    return new UnitPacking(plan, output)::run;
  }
}
