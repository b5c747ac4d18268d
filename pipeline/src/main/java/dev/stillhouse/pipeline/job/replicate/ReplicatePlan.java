package dev.stillhouse.pipeline.job.replicate;

import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.Transfer;
import dev.stillhouse.storage.dataset.Replicas;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import java.io.Serializable;
import java.util.List;

/**
 * What every worker that copies into a region needs to know.
 *
 * @param job id of its {@link JobContext}
 * @param dataset path or URI
 * @param to path or URI of the region
 * @param region its name
 * @param transfer how blobs travel
 */
record ReplicatePlan(String job, String dataset, String to, String region, Transfer transfer)
    implements Serializable {
  /** Returns the name of the stage, for a person. */
  String stage() {
    return "copying to " + region;
  }

  /**
   * Returns a reader of the blobs to copy: from every other region of the dataset, the cheapest
   * first.
   */
  ReplicaReader from(Replicas replicas, JobContext context) {
    List<BlobStore> others =
        replicas.stores().stream()
            .filter(store -> !store.region().equals(region))
            .map(store -> transfer.paced(context, store))
            .toList();
    return new ReplicaReader(others, transfer.into(region, replicas.list()), replicas.ledger());
  }
}
