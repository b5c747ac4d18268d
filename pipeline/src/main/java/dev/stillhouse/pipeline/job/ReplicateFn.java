package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.dataset.BlobCopy;
import dev.stillhouse.storage.dataset.LiveBlob;
import dev.stillhouse.storage.dataset.Replicas;
import dev.stillhouse.storage.region.BookedStore;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.ReplicaReader;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;

/** Wires {@link BlobCopy} into Beam: one element is one blob. */
final class ReplicateFn extends DoFn<LiveBlob, Void> {
  private static final long serialVersionUID = 1;

  private final ReplicatePlan plan;
  private transient Open open;

  /** What one instance holds while it works. */
  private record Open(Replicas replicas, RegionStore target, BlobCopy copy, ReplicaReader back) {}

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  ReplicateFn(ReplicatePlan plan) {
    this.plan = plan;
  }

  /** Opens the dataset's regions, and the one that is written. */
  @Setup
  public void setup() {
    Ledger ledger = JobLedgers.of(plan.ledger());
    Replicas replicas = Replicas.open(plan.dataset(), ledger);
    RegionStore target = new BookedStore(Regions.open(plan.to(), plan.region()), ledger);
    open =
        new Open(
            replicas,
            target,
            new BlobCopy(plan.from(replicas), target),
            new ReplicaReader(List.of(target), ledger));
  }

  /** Copies one blob, unless it is there. */
  @ProcessElement
  public void process(@Element LiveBlob blob) {
    Meter meter = Meter.of(plan.job());
    try (Meter.Work work = meter.begin()) {
      open.copy().putProved(blob, open.back());
      meter.add(blob.bytes());
    }
  }

  /** Lets go of both. */
  @Teardown
  public void teardown() {
    open.target().close();
    open.replicas().close();
  }
}
