package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.dataset.BlobCopy;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.LiveBlob;
import dev.stillhouse.storage.dataset.Manifest;
import dev.stillhouse.storage.dataset.ManifestLog;
import dev.stillhouse.storage.dataset.RegionLog;
import dev.stillhouse.storage.dataset.RegionRecord;
import dev.stillhouse.storage.region.BookedStore;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * From a dataset to a second region of it: plan, copy each blob, put the manifests, tell home. The
 * copy is a dataset that opens on its own, with the same digest. Killed at any moment and run
 * again, it goes on where it was: a blob that is there whole is not copied again.
 */
public final class ReplicateJob {
  private final ReplicateRequest request;
  private final JobListener listener;
  private final String job = UUID.randomUUID().toString();
  private final Ledger ledger = JobLedgers.of(job);

  private ReplicateJob(ReplicateRequest request, JobListener listener) {
    this.request = request;
    this.listener = listener;
  }

  /**
   * What was done.
   *
   * @param region name of the region
   * @param copied blobs that were not there before
   * @param bytes of these
   * @param absences regions of the dataset that were not there
   * @param ledger what it cost this process
   */
  public record Replicated(
      String region, long copied, long bytes, List<String> absences, Ledger ledger) {}

  /** Runs the job. */
  public static Replicated run(ReplicateRequest request, JobListener listener) {
    Beams.options(request.beam());
    return new ReplicateJob(request, listener).run();
  }

  private Replicated run() {
    try (Dataset dataset = Dataset.open(request.dataset(), ledger)) {
      RegionRecord region = ReplicaPlace.check(request, dataset);
      try (RegionStore target =
          new BookedStore(Regions.open(region.store(), region.name()), ledger)) {
        ReplicaPlace.checkContent(target, region.store(), dataset.log());
        // Listed once: what is committed while blobs are copied is for the next run.
        List<String> versions = dataset.log().keys();
        List<LiveBlob> missing = missing(dataset, versions, target);
        copy(region, missing);
        List<Integer> manifests = manifests(dataset.log(), versions, target);
        new RegionLog(new BookedStore(dataset.home(), ledger), ledger).add(region);
        return new Replicated(
            region.name(),
            missing.size() + (long) manifests.size(),
            missing.stream().mapToLong(LiveBlob::bytes).sum()
                + manifests.stream().mapToLong(Integer::longValue).sum(),
            dataset.absences(),
            ledger);
      }
    }
  }

  private static List<LiveBlob> missing(
      Dataset dataset, List<String> versions, RegionStore target) {
    BlobCopy copy = new BlobCopy(dataset.reader(), target);
    List<Manifest> manifests = versions.stream().map(dataset.log()::read).toList();
    return LiveBlob.of(manifests, dataset.reader()).stream()
        .filter(blob -> !copy.there(blob))
        .toList();
  }

  private void copy(RegionRecord region, List<LiveBlob> missing) {
    ReplicatePlan plan = new ReplicatePlan(job, request.dataset(), region.store(), region.name());
    Meter meter = Meter.of(job);
    long bytes = missing.stream().mapToLong(LiveBlob::bytes).sum();
    try (JobListener.Stage stage = listener.start("copying", "bytes", bytes, meter)) {
      Beams.run("Replicate", LiveBlob.class, missing, new ReplicateFn(plan), meter, request.beam());
    }
  }

  /** Last, as in a commit (law 5): a copy that has a manifest has all that it names. */
  private static List<Integer> manifests(
      ManifestLog log, List<String> versions, RegionStore target) {
    List<Integer> put = new ArrayList<>();
    for (String key : versions) {
      byte[] json = log.bytes(key);
      if (target.putNew(key, json)) {
        put.add(json.length);
      }
    }
    return put;
  }
}
