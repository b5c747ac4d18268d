package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.dataset.BlobCopy;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.Receipts;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.region.BookedStore;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.ReplicaReader;
import org.apache.beam.sdk.transforms.DoFn;

/** Wires {@link ShardMigration} into Beam: one element is one shard. */
final class MigrateFn extends DoFn<Slice, Void> {
  private static final long serialVersionUID = 1;

  private final MigratePlan plan;
  private transient Open open;

  /** What one instance holds while it works. */
  private record Open(Dataset source, RegionStore store, ShardMigration migration) {}

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  MigrateFn(MigratePlan plan) {
    this.plan = plan;
  }

  /** Opens the source with all its regions, and the new dataset's home. */
  @Setup
  public void setup() {
    OutputPlan output = plan.output();
    Ledger ledger = JobLedgers.of(output.ledger());
    Dataset source = Dataset.open(plan.dataset(), plan.version(), ledger);
    RegionStore store = new BookedStore(Regions.open(output.store()), ledger);
    ReplicaReader reader = new ReplicaReader(ImmutableList.of(store), ledger);
    open =
        new Open(
            source,
            store,
            new ShardMigration(
                plan,
                source.manifest(),
                new ShardBlobs(source.reader()),
                new BlobCopy(source.reader(), store),
                store,
                new ShardBlobs(reader),
                new Receipts<>(store, reader, plan.receipts(), MigrateReceipt.class)));
  }

  /** Migrates one shard. */
  @ProcessElement
  public void process(@Element Slice slice) {
    try (Meter.Work work = Meter.of(plan.output().job()).begin()) {
      open.migration().run(slice);
    }
  }

  /** Lets go of both. */
  @Teardown
  public void teardown() {
    open.store().close();
    open.source().close();
  }
}
