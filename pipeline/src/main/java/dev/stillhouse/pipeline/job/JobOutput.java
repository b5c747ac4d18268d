package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.region.BookedStore;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;

/**
 * Where a job writes, and where it books what that costs.
 *
 * @param job name of the job's ledger
 * @param store path or URI of {@code home}
 * @param home the store
 */
record JobOutput(String job, String store, RegionStore home) implements AutoCloseable {

  /** Opens the store; its writes are booked. */
  static JobOutput open(String job, String store) {
    return new JobOutput(job, store, new BookedStore(Regions.open(store), JobLedgers.of(job)));
  }

  /** The job's ledger in this JVM. */
  Ledger ledger() {
    return JobLedgers.of(job);
  }

  @Override
  public void close() {
    home.close();
  }
}
