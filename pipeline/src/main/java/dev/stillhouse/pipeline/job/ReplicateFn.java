package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.dataset.BlobCopy;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.LiveBlob;
import dev.stillhouse.storage.region.BookedStore;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import org.apache.beam.sdk.transforms.DoFn;

/** Wires {@link BlobCopy} into Beam: one element is one blob. */
final class ReplicateFn extends DoFn<LiveBlob, Void> {
  private static final long serialVersionUID = 1;

  private final ReplicatePlan plan;
  private transient Open open;

  /** What one instance holds while it works. */
  private record Open(Dataset dataset, RegionStore target, BlobCopy copy) {}

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  ReplicateFn(ReplicatePlan plan) {
    this.plan = plan;
  }

  /** Opens the dataset with all its regions, and the new one. */
  @Setup
  public void setup() {
    Ledger ledger = JobLedgers.of(plan.job());
    Dataset dataset = Dataset.open(plan.dataset(), ledger);
    RegionStore target = new BookedStore(Regions.open(plan.to(), plan.region()), ledger);
    open = new Open(dataset, target, new BlobCopy(dataset.reader(), target));
  }

  /** Copies one blob, unless it is there. */
  @ProcessElement
  public void process(@Element LiveBlob blob) {
    Meter meter = Meter.of(plan.job());
    try (Meter.Work work = meter.begin()) {
      open.copy().putMissing(blob);
      meter.add(blob.bytes());
    }
  }

  /** Lets go of both. */
  @Teardown
  public void teardown() {
    open.target().close();
    open.dataset().close();
  }
}
