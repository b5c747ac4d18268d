package dev.stillhouse.pipeline.job.replicate;

/**
 * What became of a region that a dataset was to be replicated to.
 *
 * @param region its name
 * @param store where it is
 * @param complete whether it has the version, whole
 * @param copied blobs and manifests that were not there before
 * @param bytes of these
 * @param reason why it is not complete; "" if it is
 */
public record PlacedReplica(
    String region, String store, boolean complete, long copied, long bytes, String reason) {}
