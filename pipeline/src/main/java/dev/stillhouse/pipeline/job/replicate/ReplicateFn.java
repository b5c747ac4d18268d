package dev.stillhouse.pipeline.job.replicate;

import com.google.common.io.Closer;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobFn;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.storage.dataset.Replicas;
import dev.stillhouse.storage.manifest.BlobCopy;
import dev.stillhouse.storage.manifest.LiveBlob;
import dev.stillhouse.storage.replica.BookedStore;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import java.util.List;
import java.util.function.Consumer;

/** Wires {@link BlobCopy} into Beam: one element is one blob. */
final class ReplicateFn extends JobFn<LiveBlob> {
  private static final long serialVersionUID = 1;

  private final ReplicatePlan plan;

  ReplicateFn(ReplicatePlan plan) {
    super(plan.job(), plan.stage());
    this.plan = plan;
  }

  /** Opens the dataset's replicas, and the one that is written. */
  @Override
  public Consumer<LiveBlob> open(JobContext context, Closer closer) {
    Replicas replicas = Replicas.open(plan.dataset(), context.ledger());
    closer.register(replicas::close);
    BlobStore target = new BookedStore(BlobStores.open(plan.to(), plan.region()), context.ledger());
    closer.register(target::close);
    BlobCopy copy = new BlobCopy(plan.from(replicas, context), target);
    ReplicaReader back = new ReplicaReader(List.of(target), context.ledger());
    Meter meter = context.meter(plan.stage());
    return blob -> {
      copy.putProved(blob, back); // Unless it is there.
      meter.add(blob.bytes());
    };
  }
}
