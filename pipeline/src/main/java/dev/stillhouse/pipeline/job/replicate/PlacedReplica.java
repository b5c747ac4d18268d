package dev.stillhouse.pipeline.job.replicate;

/**
 * The result of replicating a dataset to a region.
 *
 * @param region its name
 * @param store where it is
 * @param complete whether it has the whole version
 * @param copied number of blobs and manifests that it lacked before
 * @param bytes of these
 * @param reason why it is not complete; "" if it is
 */
public record PlacedReplica(
    String region, String store, boolean complete, long copied, long bytes, String reason) {}
