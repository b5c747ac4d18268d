package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.corpus.Unit;
import dev.stillhouse.storage.dataset.PackReceipt;
import dev.stillhouse.storage.dataset.Receipts;
import dev.stillhouse.storage.region.BookedStore;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.ReplicaReader;
import org.apache.beam.sdk.transforms.DoFn;

/** Wires {@link UnitPacking} into Beam: one element is one unit. */
final class PackFn extends DoFn<Unit, Void> {
  private static final long serialVersionUID = 1;

  private final PackPlan plan;
  private transient Open open;

  /** What one instance holds while it works. */
  private record Open(RegionStore store, UnitPacking packing) {}

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  PackFn(PackPlan plan) {
    this.plan = plan;
  }

  /** Opens the store. */
  @Setup
  public void setup() {
    Ledger ledger = JobLedgers.of(plan.ledger());
    RegionStore store = new BookedStore(Regions.open(plan.store()), ledger);
    ReplicaReader reader = new ReplicaReader(ImmutableList.of(store), ledger);
    open =
        new Open(
            store,
            new UnitPacking(
                plan,
                store,
                reader,
                new Receipts<>(store, reader, plan.identity(), PackReceipt.class)));
  }

  /** Packs one unit. */
  @ProcessElement
  public void process(@Element Unit unit) {
    try (Meter.Work work = Meter.of(plan.job()).begin()) {
      open.packing().run(unit);
    }
  }

  /** Lets go of the store. */
  @Teardown
  public void teardown() {
    open.store().close();
  }
}
