package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.storage.dataset.Receipts;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.dataset.ShardRecord;
import dev.stillhouse.storage.region.BookedStore;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.ReplicaReader;
import org.apache.beam.sdk.transforms.DoFn;

/** Wires {@link SliceExtraction} into Beam: one element is one slice. */
final class ExtractFn extends DoFn<Slice, Void> {
  private static final long serialVersionUID = 1;

  private final ExtractPlan plan;
  private transient Open open;

  /** What one instance holds while it works. */
  private record Open(
      RegionStore store, SharedTeachers.Lease teacher, SliceExtraction extraction) {}

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  ExtractFn(ExtractPlan plan) {
    this.plan = plan;
  }

  /** Opens store and teacher; the teacher is one for the whole JVM. */
  @Setup
  public void setup() {
    Ledger ledger = JobLedgers.of(plan.output().ledger());
    RegionStore store = new BookedStore(Regions.open(plan.output().store()), ledger);
    ReplicaReader reader = new ReplicaReader(ImmutableList.of(store), ledger);
    SharedTeachers.Lease lease = SharedTeachers.lease(plan.teacher(), plan.teacherBlob(), reader);
    Teacher teacher = lease.teacher();
    open =
        new Open(
            store,
            lease,
            new SliceExtraction(
                plan,
                store,
                new ShardBlobs(reader),
                new Receipts<>(store, reader, plan.output().identity().hash(), ShardRecord.class),
                ForcedIds.load(
                    plan.output().identity().statistic(), plan.output().vocabulary(), reader),
                teacher));
  }

  /** Extracts one slice. */
  @ProcessElement
  public void process(@Element Slice slice) {
    try (Meter.Work work = Meter.of(plan.output().job()).begin()) {
      open.extraction().run(slice);
    }
  }

  /** Lets go of store and teacher, which nobody asks any more then. */
  @Teardown
  public void teardown() {
    open.extraction().close();
    open.teacher().close();
    open.store().close();
  }
}
