package dev.stillhouse.pipeline.job.pack;

import com.google.common.io.Closer;
import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobFn;
import dev.stillhouse.pipeline.job.JobOutput;
import java.util.function.Consumer;

/** Wires {@link SplitPacking} into Beam: one element is one corpus split. */
class PackFn extends JobFn<CorpusSplit> {
  static final String STAGE = "packing";
  private static final long serialVersionUID = 1;

  final PackPlan plan;

  PackFn(PackPlan plan) {
    super(plan.job(), STAGE);
    this.plan = plan;
  }

  /** Opens home. */
  @Override
  public final Consumer<CorpusSplit> open(JobContext context, Closer closer) {
    JobOutput output = JobOutput.open(context, plan.store());
    closer.register(output::close);
    return packing(output)::run;
  }

  /** Returns what packs a corpus split. A test puts what fails in its place. */
  SplitPacking packing(JobOutput output) {
    return new SplitPacking(plan, output);
  }
}
