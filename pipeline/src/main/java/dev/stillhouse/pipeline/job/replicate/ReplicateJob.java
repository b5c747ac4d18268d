package dev.stillhouse.pipeline.job.replicate;

import dev.stillhouse.pipeline.job.BeamRunner;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ReplicaList;
import dev.stillhouse.storage.manifest.ReplicaLog;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.replica.BookedStore;
import dev.stillhouse.storage.replica.Ledger;
import java.util.List;

/**
 * Copies a dataset to a second region: plan, copy each blob, put the manifests, add the region to
 * home's list. The copy is a dataset that opens on its own, with the same digest. Each blob comes
 * from the region that costs least, is checked on its way and read back. A job that was killed at
 * any moment continues when it is run again: a blob that is there whole is not copied again.
 */
public final class ReplicateJob {
  private final ReplicateRequest request;
  private final JobListener listener;
  private final JobContext context;
  private final Ledger ledger;

  private ReplicateJob(ReplicateRequest request, JobListener listener, JobContext context) {
    this.context = context;
    this.ledger = context.ledger();
    this.request = request;
    this.listener = listener;
  }

  /**
   * The result.
   *
   * @param region name of the region
   * @param copied number of blobs that it lacked before
   * @param bytes of these
   * @param absences replicas of the dataset that were unavailable
   * @param ledger cost of this process
   */
  public record Replicated(
      String region, long copied, long bytes, List<String> absences, Ledger ledger) {}

  /** Runs the job. */
  public static Replicated run(ReplicateRequest request, JobListener listener) {
    BeamRunner.options(request.beam());
    try (JobContext context = JobContext.begin()) {
      return new ReplicateJob(request, listener, context).run();
    }
  }

  private Replicated run() {
    try (Dataset dataset = Dataset.open(request.dataset(), ReadOptions.DEFAULT.bookedIn(ledger))) {
      ReplicaRecord region =
          PlacedCopy.check(
              "--to",
              new PlacedCopy.Asked(request.region(), request.to()),
              request.dataset(),
              dataset.regionList());
      ReplicaLog regions = new ReplicaLog(new BookedStore(dataset.home(), ledger), ledger);
      try (ReplicaCopy copy =
          new ReplicaCopy(
              request.dataset(), region, request.transfer(), context, request.beam(), listener)) {
        PlacedCopy.checkContent("--to", copy.target(), region.store(), dataset.log());
        tellHome(regions, region);
        // Listed once: what is committed while blobs are copied is for the next run.
        List<String> versions = dataset.log().keys();
        List<Manifest> manifests = versions.stream().map(dataset.log()::read).toList();
        ReplicaCopy.Copied copied =
            copy.blobs(manifests).plus(copy.manifests(dataset.log(), versions));
        regions.add(region);
        return new Replicated(
            region.name(), copied.blobs(), copied.bytes(), dataset.absences(), ledger);
      }
    }
  }

  private void tellHome(ReplicaLog regions, ReplicaRecord region) {
    if (!request.home().isEmpty()) {
      regions.home(request.home());
    }
    ReplicaList list = regions.latest();
    request.transfer().place(region.name(), list.home()).ifPresent(ledger::pricedFrom);
  }
}
