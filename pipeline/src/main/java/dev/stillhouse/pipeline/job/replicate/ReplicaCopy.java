package dev.stillhouse.pipeline.job.replicate;

import dev.stillhouse.pipeline.job.BeamRunner;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.Transfer;
import dev.stillhouse.storage.dataset.Replicas;
import dev.stillhouse.storage.manifest.LiveBlob;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.replica.BookedStore;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.ListedBlob;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies what a dataset needs into one of its regions. Blobs of the right length are not copied
 * again, so that a run continues one that was killed.
 */
final class ReplicaCopy implements AutoCloseable {
  private final JobContext context;
  private final ReplicatePlan plan;
  private final List<String> beam;
  private final JobListener listener;
  private final BlobStore target;

  /**
   * Opens a region.
   *
   * @param dataset path or URI
   * @param beam options for Beam and its runner
   */
  ReplicaCopy(
      String dataset,
      ReplicaRecord region,
      Transfer transfer,
      JobContext context,
      List<String> beam,
      JobListener listener) {
    this.context = context;
    this.plan = new ReplicatePlan(context.job(), dataset, region.store(), region.name(), transfer);
    this.beam = beam;
    this.listener = listener;
    this.target = new BookedStore(BlobStores.open(region.store(), region.name()), context.ledger());
  }

  /**
   * What was copied.
   *
   * @param blobs number that the region lacked before
   * @param bytes of these
   */
  record Copied(long blobs, long bytes) {
    static final Copied NOTHING = new Copied(0, 0);

    Copied plus(Copied other) {
      return new Copied(blobs + other.blobs, bytes + other.bytes);
    }
  }

  /** Returns the store that is copied to. */
  BlobStore target() {
    return target;
  }

  /** Copies all blobs that these versions name. */
  Copied blobs(List<Manifest> versions) {
    List<LiveBlob> missing = missing(versions);
    if (missing.isEmpty()) {
      return Copied.NOTHING;
    }
    long bytes = missing.stream().mapToLong(LiveBlob::bytes).sum();
    Meter meter = context.meter(plan.stage());
    try (JobListener.Stage shown = listener.start(plan.stage(), "bytes", bytes, meter)) {
      BeamRunner.run("Replicate", LiveBlob.class, missing, new ReplicateFn(plan), meter, beam);
    }
    return new Copied(missing.size(), bytes);
  }

  private List<LiveBlob> missing(List<Manifest> versions) {
    Map<String, Map<String, Long>> there = new HashMap<>();
    try (Replicas replicas = Replicas.open(plan.dataset(), context.ledger())) {
      return LiveBlob.of(versions, plan.from(replicas, context)).stream()
          .filter(
              blob -> {
                String prefix = blob.key().substring(0, blob.key().indexOf('/') + 1);
                Long bytes = there.computeIfAbsent(prefix, this::lengths).get(blob.key());
                return bytes == null || bytes != blob.bytes();
              })
          .toList();
    }
  }

  /**
   * Returns the lengths of blobs. They are listed rather than asked for one by one: a far region
   * answers for a thousand as soon as for one.
   */
  private Map<String, Long> lengths(String prefix) {
    Map<String, Long> lengths = new HashMap<>();
    for (ListedBlob blob : target.blobs(prefix)) {
      lengths.put(blob.key(), blob.bytes());
    }
    return lengths;
  }

  /**
   * Copies manifests. They come last, as in a commit (law 5): a region that has a manifest has all
   * that it names.
   */
  Copied manifests(ManifestLog log, List<String> keys) {
    Copied copied = Copied.NOTHING;
    for (String key : keys) {
      byte[] json = log.bytes(key);
      if (target.putIfAbsent(key, json)) {
        copied = copied.plus(new Copied(1, json.length));
      }
    }
    return copied;
  }

  @Override
  public void close() {
    target.close();
  }
}
